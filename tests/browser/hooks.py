"""What a page says of itself in its data attributes, and whether a fresh load would say the same."""

import time

NAMES = [
    "user",
    "live-head",
    "unread-total",
    "tab-unread",
    "notifications-unread",
    "sales-waiting",
    "deal",
    "deal-status",
    "listing",
    "listing-status",
    "conversation",
    "unread",
    "message",
    "own",
    "read",
    "notification",
    "rating",
    "total-sales",
    "total-purchases",
]

COLLECT = (
    f"const all = {NAMES};"
    + """const names = all.map((name) => `data-${name}`);
const collect = (root) => [...root.querySelectorAll(names.map((name) => `[${name}]`).join())].map((element) =>
  names.filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name)}`).join(" "));
const fresh = async () => new DOMParser().parseFromString(
  await (await fetch(location.href, {cache: "no-store"})).text(), "text/html");
"""
)


def hooks(page):
    return page.evaluate(f"() => {{ {COLLECT} return collect(document) }}")


def equals_its_reload(page, seconds=20, reload=True):
    """Waits for a quiet moment; then what is on the page is what the server draws, and what a reload shows.

    Without the reload itself a page that missed something keeps that for the next time.
    """
    deadline = time.monotonic() + seconds
    while True:
        here, fresh = here_and_fresh(page)
        if here == fresh and reload:
            page.reload()
            fresh = hooks(page)
        if here == fresh:
            return
        # What one page does when it hears of a step (reading a message) is news for the others.
        assert time.monotonic() < deadline, told(page, here, fresh)
        page.wait_for_timeout(100)


def here_and_fresh(page):
    return page.evaluate(f"async () => {{ {COLLECT} return [collect(document), collect(await fresh())] }}")


def told(page, here, there):
    state = page.locator("[data-connection]").get_attribute("data-live") if page.locator("[data-connection]").count() else "guest"
    return (
        f"{page.url} ({state}): only here {[x for x in here if x not in there]}, only fresh {[x for x in there if x not in here]}"
    )


def say(page, text):
    page.fill("[name=content]", text)
    # Before its scripts have run, Enter is a line break.
    page.wait_for_load_state()
    page.press("[name=content]", "Enter")
