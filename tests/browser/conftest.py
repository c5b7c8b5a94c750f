"""A real Chromium for the tests of this folder."""

import os

import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

# The machine may be busy with other tests; what takes longer than this is broken.
expect.set_options(timeout=20_000)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A module's own: kept for the session, its event loop makes every async test after it fail.
@pytest.fixture(scope="module")
def chromium():
    # Playwright's loop runs in this thread, and Django would refuse its database here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def people(chromium):
    """`people()` is a page of somebody new; whatever their scripts throw or the page's rules forbid fails the test."""
    contexts, wrong = [], []

    def person(**options):
        context = chromium.new_context(locale="ru-RU", timezone_id="Asia/Novosibirsk", **options)
        contexts.append(context)
        context.on("weberror", lambda failure: wrong.append(str(failure.error)))
        context.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
        return context.new_page()

    yield person
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def page(people):
    return people()


@pytest.fixture
def visit(transactional_db, one_worker, people, client_of):
    """`visit(user, path)` is a page of the real site, opened by this trader; None is a guest."""
    contexts = {}

    def opened(user, path="/"):
        if user not in contexts:
            contexts[user] = people().context
            if user:
                [session] = [cookie for name, cookie in client_of(user).cookies.items() if name == settings.SESSION_COOKIE_NAME]
                contexts[user].add_cookies([{"name": session.key, "value": session.value, "url": one_worker.url}])
        page = contexts[user].new_page()
        page.goto(one_worker.url + path)
        if user:
            expect(page.locator("[data-live=open]")).to_have_count(1)
        return page

    return opened
