"""What a page says of itself in its data attributes, and whether a fresh load would say the same."""

from playwright.sync_api import TimeoutError as Late

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


def equals_its_reload(page, timeout=20_000):
    """Waits for a quiet moment; then what is on the page is what the server draws, and what a reload shows."""
    same = f"async () => {{ {COLLECT} return String(collect(document)) === String(collect(await fresh())) }}"
    try:
        page.wait_for_function(same, polling=250, timeout=timeout)
    except Late as late:
        raise AssertionError(differences(page)) from late
    before = hooks(page)
    page.reload()
    assert hooks(page) == before


def differences(page):
    both = page.evaluate(f"async () => {{ {COLLECT} return [collect(document), collect(await fresh())] }}")
    here, there = both
    return f"{page.url}: only here {[x for x in here if x not in there]}, only fresh {[x for x in there if x not in here]}"
