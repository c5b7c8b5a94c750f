"""Pictures of every screen in both themes at three widths, and a page that shows them all: `make gallery`.

Looks at each on the way (checks.py), and without names follows every link too (crawl.py).
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from apps.listings.demo.people import PASSWORD
from tests.gallery.checks import Checks
from tests.gallery.crawl import crawl
from tests.gallery.screens import BARE, BUYER, GUEST, NEW, SCREENS, SELLER
from tests.gallery.site import site
from tests.servers import browser

WIDTHS = {390: 844, 1280: 800, 1920: 1080}
THEMES = ("light", "dark")


class Gallery:
    def __init__(self, chromium, url, bare, folder, language):
        self.chromium, self.url, self.bare, self.folder, self.language = chromium, url, bare, folder, language
        self.cookies, self.taken, self.checks = {}, [], Checks()

    def take(self, screen, widths, themes):
        for width in widths:
            context = self.person(screen.who, viewport={"width": width, "height": WIDTHS[width]})
            try:
                self.shoot(screen, context.new_page(), width, themes)
            finally:
                context.close()

    def shoot(self, screen, page, width, themes):
        name, ours = f"{screen.name} at {width} px", not screen.name.startswith("admin")
        self.checks.listen(page, name)
        page.goto(screen.path if isinstance(screen.path, str) else screen.path(page))
        page.evaluate("document.fonts.ready")
        if screen.act:
            screen.act(page)
        elif ours:
            self.checks.stillness(page, name)
        self.checks.width(page, name)
        # A page as long as it is; what opens or scrolls, as it is seen.
        whole = screen.act is None and not screen.name.startswith("talk")
        for theme in themes:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            picture = f"{screen.name}-{width}-{theme}.png"
            page.screenshot(path=self.folder / picture, full_page=whole)
            self.taken.append(picture)
            if ours and width < 1920:
                self.checks.access(page, f"{name}, {theme}")
        if ours and width == max(WIDTHS):
            self.checks.edges(page, screen.name)

    def crawl(self):
        """By everybody's links, on a phone."""
        for who in (GUEST, SELLER, BUYER, NEW):
            context = self.person(who, viewport={"width": 390, "height": WIDTHS[390]})
            page = context.new_page()
            page.goto("/")
            self.checks.listen(page, who)
            print(f"{who}: {crawl(page, self.checks, who)} pages crawled")
            context.close()

    def person(self, who, **options):
        context = self.chromium.new_context(
            base_url=self.url, locale=self.language, timezone_id="Europe/Moscow", storage_state=self.cookies.get(who), **options
        )
        for code in self.bare:
            context.route(f"**/{code}", self.answer)
        if who != GUEST and who not in self.cookies:
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_selector("body[data-user]")
            page.close()
            self.cookies[who] = context.storage_state()
        return context

    def answer(self, route):
        code = int(route.request.url.rpartition("/")[2])
        route.fulfill(status=code, content_type="text/html", body=self.bare[code])

    def index(self):
        figures = "".join(
            f'<figure><a href="{quote(name)}"><img src="{quote(name)}" loading="lazy" height="320" alt=""></a>'
            f"<figcaption>{name.removesuffix('.png')}</figcaption></figure>"
            for name in self.taken
        )
        style = "body{display:flex;flex-wrap:wrap;gap:16px;font:13px sans-serif;background:#888}figure{margin:0}"
        (self.folder / "index.html").write_text(f"<!doctype html><title>LootLink</title><style>{style}</style>{figures}", "utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("names", nargs="*", help="screens whose name begins so; all of them without")
    options.add_argument("--width", type=int, action="append", choices=WIDTHS)
    options.add_argument("--theme", action="append", choices=THEMES)
    options.add_argument("--language", default="ru-RU")
    asked = options.parse_intermixed_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    chosen = [screen for screen in SCREENS if not asked.names or screen.name.startswith(tuple(asked.names))]
    with site() as (url, drawn), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser(), args=["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        gallery = Gallery(chromium, url, {code: drawn(code) for code in BARE}, asked.folder, asked.language)
        for screen in chosen:
            gallery.take(screen, asked.width or WIDTHS, asked.theme or THEMES)
        if not asked.names:
            gallery.crawl()
        chromium.close()
    gallery.index()
    said = gallery.checks.said
    print(f"{len(gallery.taken)} pictures in {asked.folder}, all of them in {asked.folder / 'index.html'}")
    print(*said, f"{len(said)} problems found", sep="\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
