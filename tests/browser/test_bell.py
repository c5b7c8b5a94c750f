"""The panel under the bell: the newest in place, live, and no further than a key away."""

from playwright.sync_api import expect

from apps.transactions import flow


def test_the_bell_opens_its_newest_and_stays_live(visit, listing, alice, bob, charlie):
    flow.create(listing.pk, bob)
    page = visit(alice)
    bell, panel, rows = page.locator("[data-bell]"), page.locator("#bell"), page.locator("#bell [data-notification]")
    expect(panel).to_be_hidden()
    bell.click()
    expect(panel).to_be_visible()
    expect(rows).to_have_count(1)
    flow.create(listing.pk, charlie)
    expect(rows).to_have_count(2)
    expect(page.locator(".toast")).to_have_count(0)
    page.click("#bell form button")
    expect(page.locator("[data-notifications-unread]")).to_have_attribute("data-notifications-unread", "0")
    expect(page.locator("#bell form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()
    bell.click()
    bell.click()
    expect(panel).to_be_hidden()
    bell.click()
    rows.first.locator("a").click()
    page.wait_for_url("**/transactions/purchase-request/*/")


def test_without_scripts_the_bell_is_a_link(visit, chromium, one_worker, alice):
    state = visit(alice).context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(one_worker.url)
    page.click("[data-bell]")
    assert page.url.endswith("/notifications/")
    context.close()
