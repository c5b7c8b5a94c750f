"""A moderator reads deals with their history and changes none."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts.models import Profile
from apps.transactions import reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(charlie, client_of):
    charlie.is_staff = charlie.is_superuser = True
    charlie.save()
    return client_of(charlie)


def test_a_deal_is_found_and_read_with_its_history(moderator, deal, bob):
    request = deal("completed", message="Беру")
    reviews.create(request.pk, bob, 5, "Честно")
    found = moderator.get(reverse("admin:transactions_purchaserequest_changelist"), {"q": "bob"})
    assert request.title in found.content.decode()
    address = reverse("admin:transactions_purchaserequest_change", args=[request.pk])
    shown = moderator.get(address).content.decode()
    for words in ("Завершить сделку", "Принять", "Честно", "Беру"):
        assert words in shown
    assert moderator.post(address, {"status": "pending"}).status_code == 403
    request.refresh_from_db()
    assert request.status == "completed"


@pytest.mark.parametrize("model", ["purchaserequest", "review"])
def test_nothing_is_made_or_erased(model, moderator, deal, bob):
    request = deal("completed")
    review = reviews.create(request.pk, bob, 5)
    pk = request.pk if model == "purchaserequest" else review.pk
    assert moderator.get(reverse(f"admin:transactions_{model}_changelist")).status_code == 200
    assert moderator.get(reverse(f"admin:transactions_{model}_add")).status_code == 403
    assert moderator.post(reverse(f"admin:transactions_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_the_nightly_check_is_content_and_can_be_discontent(deal, alice, capsys):
    deal("completed")
    call_command("check_invariants")
    Profile.objects.filter(user=alice).update(total_sales=7)
    with pytest.raises(CommandError):
        call_command("check_invariants")
    assert f"user {alice.pk}" in capsys.readouterr().err
