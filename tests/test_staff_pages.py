"""The admin speaks the moderator's language, leads from one thing to the next, and keeps why something was done."""

import re

from django.contrib.admin.models import LogEntry

from apps.listings.models import Listing

LABELS = re.compile(r"<(?:th|label|h1)\b[^>]*>(.*?)</(?:th|label|h1)>", re.DOTALL)
# Names of things that are the same in every language.
NAMES = {"", "Telegram", "Discord", "ID", "#", "№"}
MODELS = [
    "accounts/customuser",
    "admin/logentry",
    "chat/conversation",
    "listings/game",
    "listings/listing",
    "transactions/purchaserequest",
    "transactions/review",
]


def labels(page):
    """What the page calls its columns, fields and sections."""
    for found in LABELS.findall(page):
        words = " ".join(re.sub(r"<[^>]+>|&[a-z]+;", " ", found).split()).strip(": ")
        if words not in NAMES and not re.search("[а-яё№]|^[0-9 ]+$", words, re.IGNORECASE):
            yield words


def test_every_column_and_field_is_named_in_russian(market, people):
    client, found = market.client("staff"), {}
    client.post("/staff/accounts/customuser/", {"action": "ban", "_selected_action": [people["stranger"].pk], "reason": "Обман"})
    for model in MODELS:
        listed = client.get(f"/staff/{model}/")
        assert listed.status_code == 200, model
        found[model] = list(labels(listed.text.partition('id="content"')[2].partition("<tbody>")[0]))
        one = re.search(rf'href="(/staff/{model}/\d+/change/)', listed.text)[1]
        found[one] = list(labels(client.get(one).text))
    assert {place: words for place, words in found.items() if words} == {}


def test_from_a_trader_to_what_is_theirs_and_from_a_deal_to_its_talk(market, people):
    client = market.client("staff")
    trader = client.get(f"/staff/accounts/customuser/{people['seller'].pk}/change/").text
    links = re.findall(r'href="(/staff/[^"]+__id__exact=\d+|/staff/[^"]+\?participant=\d+)"', trader)
    assert len(links) == 5
    assert all(client.get(link).status_code == 200 for link in links)
    talks = [
        re.findall(r"conversation/(\d+)/change/", client.get(link).text) for link in (links[-1], "/staff/chat/conversation/")
    ]
    assert set(talks[0]) == set(talks[1]) != set()
    nobody = f"/staff/chat/conversation/?participant={people['staff'].pk}"
    assert "/change/" not in client.get(nobody).text.partition('id="content"')[2]
    deal = client.get(market.path("/staff/transactions/purchaserequest/{deal_sold}/change/")).text
    talk = market.path("/staff/chat/conversation/{talk_sold}/change/")
    assert talk in deal
    assert "просит продать этот предмет" in client.get(talk).text


def test_why_is_kept_beside_what(market, people):
    client = market.client("staff")
    listing = market.path("{offered}")
    client.post("/staff/listings/listing/", {"action": "hide", "_selected_action": [listing], "reason": " Чужая  картинка "})
    assert Listing.objects.get(pk=listing).hidden_at
    client.post("/staff/accounts/customuser/", {"action": "ban", "_selected_action": [people["buyer"].pk]})
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == ["Скрыто: Чужая картинка", "Заблокирован"]
    log = client.get("/staff/admin/logentry/").text
    assert "Чужая картинка" in log
    assert client.get(f"/staff/admin/logentry/{LogEntry.objects.first().pk}/change/").status_code == 200


def test_a_field_without_a_name_is_a_bad_request(market, people, client):
    path = f"/staff/accounts/customuser/{people['stranger'].pk}/change/?_to_field="
    assert market.client("staff").get(path).status_code == 400
    assert market.client("staff").post(path, {"_to_field": ""}).status_code == 400
    assert market.client("stranger").get(path).status_code == 404
    assert client.get(path).status_code == 302
