"""The hooks that scripts and tests rely on, page by page, as anybody reads them: by HTTP, without scripts."""

from html.parser import HTMLParser

import pytest

from apps.live import feed
from apps.transactions import flow

STATUSES = {
    "asked": ("pending", "active"),
    "taken": ("accepted", "reserved"),
    "refused": ("rejected", "active"),
    "sold": ("completed", "sold"),
    "dropped": ("cancelled", "active"),
    "withdrawn": ("rejected", "cancelled"),
}
SIDES = ["buyer", "seller"]


class Elements(HTMLParser):
    """Every element outside of <template>, as its name and attributes."""

    def __init__(self, page):
        super().__init__()
        self.found, self._templates = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "template":
            self._templates += 1
        elif not self._templates:
            self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag == "template":
            self._templates -= 1


@pytest.fixture
def look(market):
    """`look("buyer", "/listing/{asked}/")` gives every element of that page."""

    def elements(role, path):
        page = market.client(role).get(market.path(path))
        assert page.status_code == 200
        return Elements(page.text).found

    return elements


def having(elements, name):
    return [attributes for _tag, attributes in elements if name in attributes]


def one(elements, name):
    (attributes,) = having(elements, name)
    return attributes


TRADERS_PAGES = [
    "/",
    "/game/{slug}/",
    "/listing/{asked}/",
    "/listing/create/",
    "/listing/{opened}/",
    "/chat/",
    "/chat/conversation/{talk_asked}/",
    "/transactions/purchase-request/{deal_asked}/",
    "/notifications/",
    "/accounts/profile/alice/",
    "/accounts/profile-edit/",
    "/accounts/my-listings/",
    "/accounts/my-purchases/",
    "/accounts/my-sales/",
    "/accounts/password-change/",
]


@pytest.mark.parametrize("path", TRADERS_PAGES)
def test_a_traders_page_says_whose_it_is_and_of_what_moment(path, look, market):
    user = market.people["buyer"]
    elements = look("buyer", path)
    (body,) = [attributes for tag, attributes in elements if tag == "body"]
    assert body["data-user"] == str(user.pk)
    assert body["data-live-head"] == str(feed.head(user.pk))
    assert one(elements, "data-unread-total")["data-unread-total"].isdecimal()
    assert one(elements, "data-notifications-unread")["data-notifications-unread"].isdecimal()


@pytest.mark.parametrize(
    "path", ["/", "/listing/{asked}/", "/accounts/profile/alice/", "/accounts/login/", "/accounts/register/"]
)
def test_a_guests_page_says_nothing(path, look):
    elements = look("guest", path)
    for name in ("data-user", "data-live-head", "data-unread-total", "data-notifications-unread", "data-deal"):
        assert having(elements, name) == []


def test_the_counters_count(look, market):
    def counters(role):
        elements = look(role, "/accounts/my-sales/")
        return one(elements, "data-unread-total")["data-unread-total"], one(elements, "data-notifications-unread")[
            "data-notifications-unread"
        ]

    assert counters("stranger") == ("0", "0")
    assert counters("buyer")[0] == "1"
    # The seller was asked eight times with a word each, has answered one, and was told of each, of a step back and a review.
    assert counters("seller") == ("7", "10")
    market.client("buyer").get(market.path("/chat/conversation/{talk_asked}/"))
    market.client("seller").post("/notifications/")
    assert counters("buyer")[0] == "0"
    assert counters("seller") == ("7", "0")


@pytest.mark.parametrize("role", SIDES)
@pytest.mark.parametrize("name", STATUSES)
def test_a_deals_page_has_its_state_on_one_element(role, name, look, market):
    elements = look(role, f"/transactions/purchase-request/{{deal_{name}}}/")
    deal = one(elements, "data-deal")
    assert (deal["data-deal"], deal["data-deal-status"]) == (str(market.names[f"deal_{name}"]), STATUSES[name][0])


@pytest.mark.parametrize("role", ["guest", "stranger", "buyer", "seller"])
@pytest.mark.parametrize("name", ["asked", "taken", "sold"])
def test_a_listings_page_has_its_state_on_one_element(role, name, look, market):
    pk = str(market.names[name])
    own = [each for each in having(look(role, f"/listing/{{{name}}}/"), "data-listing") if each["data-listing"] == pk]
    assert [each["data-listing-status"] for each in own] == [STATUSES[name][1]]


def test_so_has_a_cancelled_one_for_who_may_see_it(look):
    for role in SIDES:
        assert "cancelled" in {
            each["data-listing-status"] for each in having(look(role, "/listing/{withdrawn}/"), "data-listing")
        }


@pytest.mark.parametrize("path", ["/", "/game/{slug}/"])
def test_the_list_has_one_element_a_listing(path, look, market):
    cards = having(look("guest", path), "data-listing")
    assert {each["data-listing"] for each in cards} == {
        str(market.names[name]) for name in ("offered", "opened", "asked", "refused", "dropped")
    }
    assert len(cards) == 5
    assert {each["data-listing-status"] for each in cards} == {"active"}


def test_the_list_of_talks(look, market):
    def unread(role):
        return {each["data-conversation"]: each["data-unread"] for each in having(look(role, "/chat/"), "data-unread")}

    asked, opened = str(market.names["talk_asked"]), str(market.names["talk_opened"])
    assert unread("stranger") == {}
    assert unread("buyer")[asked] == "1"
    assert unread("seller")[asked] == "0"
    # Nothing was said there yet: only who opened it sees it.
    assert unread("buyer")[opened] == "0"
    assert opened not in unread("seller")


@pytest.mark.parametrize(
    ("role", "texts"), [("buyer", [(True, True), (False, False)]), ("seller", [(False, False), (True, False)])]
)
def test_a_message_says_whose_it_is_and_whether_it_was_read(role, texts, look):
    messages = having(look(role, "/chat/conversation/{talk_asked}/"), "data-message")
    ids = [int(each["data-message"]) for each in messages]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3  # two texts and the line of the request
    own_texts = [each for each in messages if "data-kind" not in each and "step" not in each["class"]]
    assert [("data-own" in each, "data-own" in each and "data-read" in each) for each in own_texts] == texts


def test_what_the_other_side_has_read_is_marked(look):
    def last():
        return having(look("seller", "/chat/conversation/{talk_asked}/"), "data-message")[-1]

    assert "data-own" in last()
    assert "data-read" not in last()
    look("buyer", "/chat/conversation/{talk_asked}/")
    assert "data-read" in last()


@pytest.mark.parametrize(
    ("name", "numbers"), [("alice", ("5.00", "2", "0")), ("bob", ("4.00", "0", "2")), ("charlie", ("0.00", "0", "0"))]
)
@pytest.mark.parametrize("role", ["guest", "buyer"])
def test_a_profiles_numbers(role, name, numbers, look):
    hooks = one(look(role, f"/accounts/profile/{name}/"), "data-rating")
    assert (hooks["data-rating"], hooks["data-total-sales"], hooks["data-total-purchases"]) == numbers


def test_a_rating_has_two_decimals(look, market):
    market.client("buyer").post(market.path("/transactions/review/{deal_sold}/create/"), {"rating": "4"})
    assert one(look("guest", "/accounts/profile/alice/"), "data-rating")["data-rating"] == "4.50"


def test_the_hooks_speak_plainly_in_every_language(look, market):
    client = market.client("buyer")
    client.cookies["django_language"] = "en"
    profile = Elements(client.get("/accounts/profile/alice/").text).found
    assert one(profile, "data-rating")["data-rating"] == "5.00"


def test_the_creation_forms_game_is_a_select_of_ids(look, market):
    elements = look("seller", "/listing/create/")
    (game,) = [tag for tag, attributes in elements if attributes.get("name") == "game"]
    assert game == "select"
    values = {attributes.get("value") for tag, attributes in elements if tag == "option"}
    assert str(market.names["game"]) in values


def test_a_step_shows_at_the_next_look(look, market):
    flow.advance(market.names["deal_asked"], "accept", market.people["seller"])
    assert one(look("buyer", "/transactions/purchase-request/{deal_asked}/"), "data-deal")["data-deal-status"] == "accepted"
    own = [
        each
        for each in having(look("guest", "/listing/{asked}/"), "data-listing")
        if each["data-listing"] == str(market.names["asked"])
    ]
    assert [each["data-listing-status"] for each in own] == ["reserved"]
