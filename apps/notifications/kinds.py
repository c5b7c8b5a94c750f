"""EVERY kind of notification: its sentence, what must be known to say it, its icon. All lead to a deal."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    sentence: str | Promise
    icon: str


KINDS = {
    "request": Kind(_("%(who)s просит купить: %(title)s"), "clock"),
    "accepted": Kind(_("Продавец принял заявку: %(title)s"), "handshake"),
    "rejected": Kind(_("Продавец отклонил заявку: %(title)s"), "x"),
    "refused": Kind(_("Продавец отказался от сделки: %(title)s"), "x"),
    "completed": Kind(_("Сделка завершена: %(title)s"), "circle-check"),
    "cancelled": Kind(_("Покупатель отменил заявку: %(title)s"), "undo-2"),
    "stepped_back": Kind(_("Покупатель отказался от сделки: %(title)s"), "undo-2"),
    "busy": Kind(_("Занято: %(title)s. Ваша заявка остаётся в очереди"), "lock"),
    "free": Kind(_("Снова свободно: %(title)s"), "refresh-cw"),
    "sold": Kind(_("Продано другому: %(title)s. Ваша заявка отклонена"), "x"),
    "withdrawn": Kind(_("Снято с продажи: %(title)s. Ваша заявка отклонена"), "x"),
    "review": Kind(_("%(who)s: новый отзыв, оценка %(rating)s из 5"), "star"),
}


def text(notification) -> str:
    """The sentence in the reader's language."""
    return KINDS[notification.kind].sentence % notification.words


def url(notification) -> str:
    return reverse("transactions:detail", args=[notification.about])


def icon(notification) -> str:
    return KINDS[notification.kind].icon
