"""The page before another site: for addresses that were written here, and for nothing else."""

import pytest

from lootlink import leaving


def shown(client, address):
    return client.get(leaving.way(address))


def test_an_address_is_shown_whole_and_opened_only_by_hand(client, db):
    page = shown(client, "https://example.com/a?b=1&c=2")
    assert page.status_code == 200
    assert "<bdi data-host>example.com</bdi>" in page.text
    assert (
        '<a class="button button--wide" href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in page.text
    )
    assert "data-punycode" not in page.text
    assert "data-risky" not in page.text


def test_nothing_leads_out_that_was_not_signed_here(client, db):
    good = leaving.way("https://example.com/")
    for forged in (good.replace("example.com", "evil.example"), good[:-1], "/leave/", "/leave/?to=https://evil.example/"):
        assert client.get(forged).status_code == 404, forged


def test_our_own_addresses_need_no_page(client, db, settings):
    settings.SITE_URL = "https://lootlink.example"
    settings.ALLOWED_ORIGINS = ["https://www.lootlink.example:8443"]
    for own in ("https://lootlink.example/listing/1/", "https://LootLink.example:443/", "https://www.lootlink.example:8443/x"):
        straight = shown(client, own)
        assert (straight.status_code, straight.url.lower()) == (302, own.lower())
    for other in ("http://lootlink.example/", "https://lootlink.example:444/", "https://lootlink.example.evil.example/"):
        assert shown(client, other).status_code == 200, other


@pytest.mark.parametrize(
    ("address", "name", "host"),
    [
        ("https://пример.рф/путь", "пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("https://xn--e1afmkfd.xn--p1ai/", "пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("https://аpple.com/", "аpple.com", "xn--pple-43d.com"),
        ("https://straße.de/", "straße.de", "xn--strae-oqa.de"),
        ("https://ПРИМЕР。рф/", "пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("https://EXAMPLE.com/", "example.com", "example.com"),
        ("https://ｅxample.com/", "example.com", "example.com"),
        ("https://ex%61mple.com/", "example.com", "example.com"),
        ("https://exam\u00adple.com/", "example.com", "example.com"),
        ("https://xn--zzzzzz-.com/", "xn--zzzzzz-.com", "xn--zzzzzz-.com"),
        ("http://[::1]:8000/", "[::1]", "[::1]"),
        ("https://भारत.com/", "भारत.com", "xn--h2brj9c.com"),
        ("https://my_site.example/", "my_site.example", "my_site.example"),
    ],
)
def test_a_name_in_other_letters_is_shown_as_it_is_asked_for_too(client, db, address, name, host):
    target = leaving.read(address)
    assert (target.name, target.host) == (name, host)
    page = shown(client, address)
    assert f"<bdi data-host>{name}</bdi>" in page.text
    assert (f"<bdi data-punycode>{host}</bdi>" in page.text) == (name != host)
    assert f'href="{target.address}"' in page.text


@pytest.mark.parametrize(
    "host",
    [
        "xn--abc-6e4p.com",  # half a surrogate pair, which no page can be written with
        "xn--abc-4q0a.com",  # turns the rest of the line round
        "xn--ab-c6t.com",  # another slash
        "xn--ab-l3t.com",  # another dot
        "xn--ab-x0b.com",  # a mark that is not seen
        "xn--ab-iuk.com",  # a letter that is not seen
        "xn--xample-hy68a.com",  # no browser makes it from a wide letter
    ],
)
def test_only_letters_are_shown_for_a_name(client, db, host):
    page = shown(client, f"http://{host}/")
    assert page.status_code == 200
    assert f"<bdi data-host>{host}</bdi>" in page.text
    assert "data-punycode" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1",
        "http://a:99999/",
        "http://exa%00mple.com/",
        "http://a..b/",
        "http://a%2fb/",
        "http://é%2fb/",
        "http://a%3ab/",
        "http://a＠b/",
        "http://$/",
        "http://a.xn--/",
        "http://xn--.com/",
    ],
)
def test_what_no_browser_would_find_is_no_page(client, db, address):
    assert leaving.read(address) is None
    assert shown(client, address).status_code == 404


@pytest.mark.parametrize(
    ("address", "risky"),
    [
        ("https://t.me/trader", True),
        ("https://wa.me/7900", True),
        ("https://checkout.example/pay?sum=1", True),
        ("https://example.com/sword.png", False),
        ("https://start.media/", False),
    ],
)
def test_payment_and_other_messengers_are_warned_of(client, db, address, risky):
    assert ("data-risky" in shown(client, address).text) is risky


def test_in_english_too(client, db):
    client.cookies["django_language"] = "en"
    page = shown(client, "https://t.me/пример")
    assert "You are leaving LootLink" in page.text
    assert "Payment or another messenger" in page.text
