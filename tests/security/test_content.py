"""C1, C5, C6: what people write is text on every page, and stays inside its own place."""

from html.parser import HTMLParser

import pytest

from apps.accounts import names
from apps.accounts.models import Profile
from apps.chat.models import Message
from apps.listings.models import Game, Listing
from lootlink.links import linked

from .payloads import PAYLOADS, put

# Where each field is shown, by whom it is seen at its fullest.
PAGES = [
    ("guest", "/"),
    ("guest", "/accounts/profile/alice/"),
    ("buyer", "/listing/{sold}/"),
    ("buyer", "/transactions/purchase-request/{deal_praised}/"),
    ("buyer", "/transactions/purchase-request/{offered}/create/"),
    ("buyer", "/chat/conversation/{talk_taken}/"),
    ("buyer", "/notifications/"),
    ("buyer", "/accounts/my-purchases/"),
    ("seller", "/accounts/my-listings/"),
    ("seller", "/accounts/my-sales/"),
    ("seller", "/accounts/profile-edit/"),
    ("seller", "/listing/{asked}/edit/"),
    ("seller", "/transactions/purchase-request/{deal_asked}/accept/"),
    ("staff", "/staff/listings/listing/"),
    ("staff", "/staff/transactions/review/"),
    ("staff", "/staff/chat/conversation/{talk_taken}/change/"),
]
TOGETHER = 6  # payloads in one text


class Structure(HTMLParser):
    """The elements of a page in order, with the names of their attributes; a link of the site's own making is none."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("rel") == "ugc nofollow noopener noreferrer":
            assert given["href"].startswith(("/leave/?to=http", "/chat/leave/"))
            assert set(given) == {"href", "rel", "target"}
            return
        if tag != "br":  # the admin's own for a new line
            self.elements.append((tag, *sorted(given)))


@pytest.fixture
def structures(market):
    def read():
        for role, template in PAGES:
            answer = market.client(role).get(market.path(template))
            assert answer.status_code == 200, template
            yield (role, template), Structure(answer.text).elements, answer.text

    return read


def test_sixty_payloads_in_every_field_add_no_element_to_any_page(structures):
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 60
    put("Просто слова")
    plain = {page: elements for page, elements, _text in structures()}
    for at in range(0, len(PAYLOADS), TOGETHER):
        put(" ".join(PAYLOADS[at : at + TOGETHER]))
        for page, elements, _text in structures():
            assert elements == plain[page], (page, PAYLOADS[at : at + TOGETHER])


def test_they_are_there_to_be_seen(structures):
    """Each page of the walk shows what was put there, so that its silence means something."""
    put("ВИДНО-ЛИ-МЕНЯ")
    assert [page for page, _elements, text in structures() if "ВИДНО-ЛИ-МЕНЯ" not in text] == []


def test_nothing_that_stands_in_the_address_becomes_an_element(db, client, often):
    def drawn(words):
        return Structure(client.get("/", dict.fromkeys(("search", "game", "min_price", "sort", "page"), words)).text).elements

    plain = drawn("слово")
    for payload in PAYLOADS:
        assert drawn(payload) == plain, payload
    login = Structure(client.get("/accounts/login/").text).elements
    assert Structure(client.get("/accounts/login/", {"next": PAYLOADS[10]}).text).elements == login


def test_no_payload_is_a_name():
    assert [payload for payload in PAYLOADS if names.is_possible(payload)] == []


INJECTIONS = [
    "javascript:alert(1)",
    "//evil.example",
    "https://evil.example/alice",
    "t.me/../evil",
    "alice?start=1",
    "alice#x",
    "alice/joinchat",
    "al ice",
    "alice%2f",
    "@@alice",
    "<b>alice</b>",
    '"onclick="x',
    "алиса_а",
    "alice\u202e",
    "a\u0000lice",
    "alice\r\nX: y",
    "аlice_cyr",
    "a" * 33,
    "+alice1",
    "data:text/html,x",
]


@pytest.mark.parametrize("name", ["telegram", "discord"])
def test_contacts_are_names_and_nothing_else(name, alice, client_of):
    client = client_of(alice)
    for injection in INJECTIONS:
        assert client.post("/accounts/profile-edit/", {name: injection}).status_code == 400, injection
    assert getattr(Profile.objects.get(user=alice), name) == ""


def test_the_address_of_a_contact_is_made_here(market):
    Profile.objects.update(telegram="alice_tg", discord="alice")
    page = market.client("buyer").get("/accounts/profile/alice/").text
    assert page.count("t.me") == 1
    assert 'href="https://t.me/alice_tg" rel="nofollow noopener noreferrer"' in page
    Profile.objects.update(telegram='x"/../y?')
    page = market.client("buyer").get("/accounts/profile/alice/").text
    assert 'href="https://t.me/x%22%2F..%2Fy%3F"' in page


BAD = ["a\0b", "a\x07b", "a\x1b[31mb", "a\x7fb", "a\x85b", "a\x9fb", "a\x0bb"]
UNSEEN = ["\u200b", "\u200d\u200d", "\u2060\ufeff", "\u3164", "\u2800", "\u202e\u202c", "\u00ad", " \u00a0\t"]


@pytest.fixture
def take(market):
    """Try a text as a title and a description, a bio, a message, a request's word and a review: the codes."""
    talk, deal = market.path("/chat/conversation/{talk_asked}/"), market.path("/transactions/review/{deal_sold}/create/")
    listing = market.path("/listing/{asked}/edit/")

    def answered(text):
        seller, buyer = market.client("seller"), market.client("buyer")
        return {
            "title": seller.post(listing, {"title": text, "description": "Да", "price": 1}).status_code,
            "description": seller.post(listing, {"title": "Да", "description": text, "price": 1}).status_code,
            "message": buyer.post(talk, {"content": text}).status_code,
            "bio": seller.post("/accounts/profile-edit/", {"bio": text}).status_code,
            "review": buyer.post(deal, {"rating": 5, "comment": text}).status_code,
        }

    return answered


def test_control_characters_are_refused_everywhere(take):
    before = Message.objects.count()
    for text in BAD:
        assert set(take(text).values()) == {400}, text
    assert Message.objects.count() == before


def test_what_nobody_sees_is_empty(take):
    """Where words are needed it is refused, elsewhere it is nothing."""
    for text in UNSEEN:
        codes = take(text)
        assert [codes[name] for name in ("title", "description", "message")] == [400] * 3, text
    assert Profile.objects.get(user__username="alice").bio == ""


def test_text_is_kept_composed(take, market):
    take("е\u0308жик")
    assert Listing.objects.get(pk=market.names["asked"]).description == "ёжик"
    assert Message.objects.order_by("pk").last().content == "ёжик"


@pytest.mark.parametrize(
    ("text", "clickable"),
    [
        ("https://example.com/@alice?to=a@b", True),
        ("http://[::1]:8000/#x@y", True),
        ("https://good.example@evil.example/", False),
        ("https://good.example:443@evil.example", False),
        ("HTTPS://good.example%2f@evil.example/", False),
        ("javascript://example.com/%0aalert(1)", False),
        ("data:text/html,https", False),
        ("vbscript:x", False),
        ("http\u017f://evil.example/", False),
        ("http:///evil.example/", False),
    ],
)
def test_only_plain_web_addresses_are_clickable(text, clickable):
    assert ("<a " in linked(text)) is clickable


class Isolated(HTMLParser):
    """Where a text with a mark of direction stands: inside <bdi>, dir=auto, or a place that is drawn for itself."""

    ALONE = {"bdi", "title", "textarea", "option", "script"}

    def __init__(self, page):
        super().__init__()
        self.open, self.loose = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "input", "img", "link", "br", "use", "path", "col", "source"}:
            self.open.append((tag, dict(attrs).get("dir")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if "\u202e" in data and not any(tag in self.ALONE or dir == "auto" for tag, dir in self.open):
            self.loose.append((self.getpos()[0], [tag for tag, _dir in self.open][-3:]))


def test_a_mark_of_direction_turns_nothing_but_its_own_text(structures):
    put("меч \u202eзолотой")
    # Neither can hold one: staff names the games, and contacts are Latin letters.
    Game.objects.update(name="Lineage 2")
    Profile.objects.update(telegram="alice", discord="alice")
    loose = {page: Isolated(text).loose for page, _elements, text in structures() if page[0] != "staff"}
    assert {page: places for page, places in loose.items() if places} == {}
