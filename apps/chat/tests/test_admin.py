"""A moderator reads a talk in the admin, and changes nothing there."""

import pytest

from apps.chat.models import Conversation

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
