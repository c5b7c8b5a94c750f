"""EVERY kind of notification: its sentence, its icon, the state whose colour it has. All lead to a deal."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    sentence: str | Promise
    icon: str
    state: str


KINDS = {
    "request": Kind(_("%(who)s просит купить: %(title)s"), "clock", "pending"),
    "accepted": Kind(_("Продавец принял заявку: %(title)s"), "handshake", "accepted"),
    "rejected": Kind(_("Продавец отклонил заявку: %(title)s"), "x", "rejected"),
    "refused": Kind(_("Продавец отказался от сделки: %(title)s"), "x", "rejected"),
    "completed": Kind(_("Сделка завершена: %(title)s"), "circle-check", "completed"),
    "cancelled": Kind(_("Покупатель отменил заявку: %(title)s"), "undo-2", "cancelled"),
    "stepped_back": Kind(_("Покупатель отказался от сделки: %(title)s"), "undo-2", "cancelled"),
    "busy": Kind(_("Занято: %(title)s. Ваша заявка остаётся в очереди"), "lock", "accepted"),
    "free": Kind(_("Снова свободно: %(title)s"), "refresh-cw", "completed"),
    "sold": Kind(_("Продано другому: %(title)s. Ваша заявка отклонена"), "x", "rejected"),
    "withdrawn": Kind(_("Снято с продажи: %(title)s. Ваша заявка отклонена"), "x", "rejected"),
    "review": Kind(_("%(who)s: новый отзыв, оценка %(rating)s из 5"), "star", "pending"),
}


def text(notification) -> str:
    """The sentence in the reader's language."""
    return KINDS[notification.kind].sentence % notification.words


def url(notification) -> str:
    return reverse("transactions:detail", args=[notification.about])


def icon(notification) -> str:
    return KINDS[notification.kind].icon


def state(notification) -> str:
    return KINDS[notification.kind].state
