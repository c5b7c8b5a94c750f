"""A moderator reads a talk in the admin, and changes nothing there."""

import re

import pytest

from apps.chat.models import Conversation, Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moderator(client_of, charlie):
    charlie.is_staff = charlie.is_superuser = True
    charlie.save()
    return client_of(charlie)


def address(settings, rest=""):
    return f"/{settings.ADMIN_PATH}chat/conversation/{rest}"


def test_a_talk_is_found_by_a_name_and_read(moderator, talk, bob, settings):
    talk.post(bob.pk, "переведи вперёд")
    found = moderator.get(address(settings, "?q=bob"))
    assert f"/chat/conversation/{talk.pk}/change/" in found.content.decode()
    assert f"/chat/conversation/{talk.pk}/change/" not in moderator.get(address(settings, "?q=nobody")).content.decode()
    assert "переведи вперёд" in moderator.get(address(settings, f"{talk.pk}/change/")).content.decode()


def test_nothing_is_written_or_erased(moderator, talk, settings):
    for page in ("add/", f"{talk.pk}/change/", f"{talk.pk}/delete/"):
        assert moderator.post(address(settings, page), {"post": "yes"}).status_code == 403
    assert Conversation.objects.filter(pk=talk.pk).exists()


def test_a_long_talk_comes_by_pages(moderator, talk, alice, bob, settings, queries_of):
    def say(more):
        said = talk.messages.count()
        Message.objects.bulk_create(
            Message(conversation=talk, sender=(alice, bob)[n % 2], content=f"слово-{n}.") for n in range(said, said + more)
        )

    def shown(page="", **headers):
        found = moderator.get(address(settings, f"{talk.pk}/change/{page}"), headers=headers).text
        return found, [int(n) for n in re.findall(r"слово-(\d+)\.", found)]

    say(50)
    assert shown()[1] == list(range(50))
    few = queries_of(shown)
    say(950)
    assert queries_of(shown) == few <= 14
    page, words = shown()
    assert words == list(range(900, 1000))
    assert "1000 сообщений" in page
    assert re.findall(r'href="\?page=(\d+)"', page) == list("123456789") * 2
    assert "1000 messages" in shown(**{"accept-language": "en"})[0]
    assert shown("?page=2")[1] == list(range(100, 200))
    assert shown("?page=999")[1] == words
