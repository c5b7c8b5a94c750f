"""What is wrong with a page as it stands in a browser: too wide, moved by itself, closed to some, or said in the console."""

from axe_playwright_python.sync_playwright import Axe

# From the narrowest phone to a large desk; the pictures' own widths come on top.
EDGES = (320, 768, 2560)
MOVED = """window.moved = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""
STILL = 0.001  # less is a rounding


class Checks:
    """Gathers sentences in `said`, each with the name of what was looked at."""

    def __init__(self):
        self.axe, self.said = Axe(), []

    def listen(self, page, name: str) -> None:
        page.add_init_script(MOVED)
        page.on("console", lambda line: self._hear(name, line))
        page.on("pageerror", lambda error: self.said.append(f"{name}: {error}"))

    def _hear(self, name, line):
        # The network is taken away on purpose, and a page of an error is one.
        expected = "ERR_INTERNET_DISCONNECTED" in line.text or (
            "the server responded with a status of" in line.text and line.location["url"] == line.page.url
        )
        if line.type == "error" and not expected:
            self.said.append(f"{name}: {line.text}")

    def stillness(self, page, name: str) -> None:
        """Nothing has moved since the page began to load."""
        if (moved := page.evaluate("window.moved")) > STILL:
            self.said.append(f"{name}: moved by {moved:.3f}")

    def width(self, page, name: str) -> None:
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            self.said.append(f"{name}: {over} px too wide")

    def edges(self, page, name: str) -> None:
        """The widths that no picture is taken of."""
        was = page.viewport_size
        for width in EDGES:
            page.set_viewport_size({"width": width, "height": was["height"]})
            self.width(page, f"{name} at {width} px")
        page.set_viewport_size(was)

    def access(self, page, name: str) -> None:
        for violation in self.axe.run(page).response["violations"]:
            places = [node["target"] for node in violation["nodes"]][:3]
            self.said.append(f"{name}: {violation['id']} {places}")
