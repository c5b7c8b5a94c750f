"""/chat/conversation/<id>/: reading and writing by plain HTTP."""

import pytest

from apps.chat.models import Conversation, Message
from apps.live.models import Event

from .pages import hook, messages, ref, rows

pytestmark = pytest.mark.django_db(transaction=True)


def address(talk):
    return f"/chat/conversation/{talk.pk}/"


def unread(talk, user):
    return Conversation.objects.with_unread(user).get(pk=talk.pk).unread


def kinds(user):
    return list(Event.objects.filter(user=user).order_by("seq").values_list("type", flat=True))


def test_a_guest_goes_to_login(client, talk):
    assert client.get(address(talk)).headers["Location"] == f"/accounts/login/?next={address(talk)}"


def test_a_stranger_gets_403(client_of, talk, charlie):
    assert client_of(charlie).get(address(talk)).status_code == 403
    assert client_of(charlie).post(address(talk), {"content": "впустите"}).status_code == 403
    assert not Message.objects.exists()


def test_what_is_not_there_is_404(client_of, bob):
    assert client_of(bob).get("/chat/conversation/999/").status_code == 404
    assert client_of(bob).get(f"/chat/conversation/{'9' * 30}/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_405(client_of, talk, bob, method):
    assert getattr(client_of(bob), method)(address(talk)).status_code == 405


def test_posting_writes_once_and_leads_back(client_of, talk, alice, bob):
    client = client_of(bob)
    told = {"content": "Ещё в продаже?", "ref": "r1"}
    for _ in range(2):
        response = client.post(address(talk), told)
        assert response.status_code == 302
        assert response.headers["Location"] == address(talk)
    assert Message.objects.get().content == "Ещё в продаже?"
    assert kinds(alice) == kinds(bob) == ["message.new"]


def test_opening_reads_everything_once(client_of, talk, alice, bob):
    for text in ("раз", "два"):
        talk.post(bob.pk, text)
    assert unread(talk, alice) == 2
    first = client_of(alice).get(address(talk))
    assert unread(talk, alice) == 0
    assert [line["read"] for line in messages(first)] == [True, True]
    assert rows(first) == {talk.pk: 0}
    assert hook(first, "unread-total") == "0"
    assert first.headers["X-Live-Head"] == hook(first, "live-head") == "3"
    client_of(alice).get(address(talk))
    assert kinds(alice) == kinds(bob) == ["message.new", "message.new", "message.read"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Fragment": "deal"}],
)
def test_what_nobody_sees_reads_nothing(client_of, talk, alice, bob, headers):
    talk.post(bob.pk, "раз")
    assert client_of(alice).get(address(talk), headers=headers).status_code == 200
    assert client_of(alice).head(address(talk)).status_code == 200
    assert unread(talk, alice) == 1
    client_of(alice).get(address(talk))
    assert unread(talk, alice) == 0


def test_hooks_tell_own_from_read(client_of, talk, alice, bob):
    first = talk.post(bob.pk, "раз").pk
    talk.read_up_to(alice.pk, first)
    second = talk.post(bob.pk, "два").pk
    assert messages(client_of(bob).get(address(talk))) == [
        {"id": first, "own": True, "read": True},
        {"id": second, "own": True, "read": False},
    ]


def test_the_first_unread_line_stands_by_the_pointer_before_this_reading(client_of, talk, alice, bob):
    talk.read_up_to(alice.pk, talk.post(bob.pk, "старое").pk)
    fresh = talk.post(bob.pk, "новое").pk
    page = client_of(alice).get(address(talk)).content.decode()
    assert page.count('<li class="unread-line">') == 2  # one in the talk, one for scripts to copy
    line = page.index('<li class="unread-line">')
    assert page.index("старое", page.index("data-messages")) < line < page.index(f'data-message="{fresh}"')
    again = client_of(alice).get(address(talk)).content.decode()
    assert again.count('<li class="unread-line">') == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Напишите что-нибудь."),
        (" \n ", "Напишите что-нибудь."),
        ("\u200b\u2060", "Напишите что-нибудь."),
        ("а\x00б", ""),
        ("а\x1bб", "знаки"),
        ("я" * 4_001, "Слишком длинно"),
    ],
)
def test_what_cannot_be_said_comes_back_with_a_fresh_ref(client_of, talk, bob, content, sentence):
    response = client_of(bob).post(address(talk), {"content": content, "ref": "r1"})
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert ref(response) != "r1"
    assert not Message.objects.exists()


def test_4000_characters_can_be_said(client_of, talk, bob):
    assert client_of(bob).post(address(talk), {"content": "я" * 4_000}).status_code == 302


def test_a_ref_with_other_words_comes_back_with_the_words_kept(client_of, talk, bob):
    client = client_of(bob)
    client.post(address(talk), {"content": "раз", "ref": "r1"})
    response = client.post(address(talk), {"content": "совсем другое", "ref": "r1"})
    assert response.status_code == 400
    assert "совсем другое</textarea>" in response.content.decode()
    assert ref(response) != "r1"
    assert Message.objects.count() == 1


def test_a_ref_too_long_is_400(client_of, talk, bob):
    assert client_of(bob).post(address(talk), {"content": "раз", "ref": "r" * 65}).status_code == 400


@pytest.mark.parametrize("ref", ["r1", " r1 "])
def test_the_form_and_the_function_take_the_same_ref(client_of, talk, bob, ref):
    talk.post(bob.pk, "раз", ref)
    assert client_of(bob).post(address(talk), {"content": "раз", "ref": ref}).status_code == 302
    assert Message.objects.count() == 1


def test_too_fast_is_429(client_of, talk, bob, settings):
    client = client_of(bob)
    for n in range(settings.MESSAGE_BURST):
        assert client.post(address(talk), {"content": f"{n}"}).status_code == 302
    response = client.post(address(talk), {"content": "ещё"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1


def test_text_is_text_and_links_are_links(client_of, talk, bob):
    talk.post(bob.pk, "<b>вот</b> https://example.com/a?b=1&c=2 и javascript:alert(1)")
    page = client_of(bob).get(address(talk)).content.decode()
    assert "&lt;b&gt;вот" in page
    assert 'rel="ugc nofollow noopener noreferrer"' in page
    assert 'href="javascript' not in page


def test_a_step_of_the_deal_is_a_sentence(client_of, talk, alice, bob):
    Message.objects.create(conversation=talk, sender=bob, kind="deal", content="create")
    accepted = Message.objects.create(conversation=talk, sender=alice, kind="deal", content="accept")
    Conversation.objects.filter(pk=talk.pk).update(last_message_id=accepted.pk)
    page = client_of(alice).get(address(talk))
    assert "просит продать этот предмет" in page.content.decode()
    assert "Продавец принял заявку" in page.content.decode()
    assert [(line["own"], line["read"]) for line in messages(page)] == [(False, True), (True, True)]
    assert unread(talk, alice) == 0


def test_the_head_of_a_piece_is_in_its_header(client_of, talk, alice, bob):
    talk.post(bob.pk, "раз")
    piece = client_of(alice).get(address(talk), headers={"X-Fragment": "talks"})
    assert piece.headers["X-Live-Head"] == "1"
    assert b"<html" not in piece.content
    assert rows(piece) == {talk.pk: 1}
    assert messages(piece) == []


def test_a_talk_about_nothing_has_a_page_too(client_of, alice, bob):
    low, high = sorted((alice.pk, bob.pk))
    talk = Conversation.objects.create(participant1_id=low, participant2_id=high)
    talk.post(bob.pk, "раз")
    page = client_of(alice).get(address(talk))
    assert [line["own"] for line in messages(page)] == [False]
