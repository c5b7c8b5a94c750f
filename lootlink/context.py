"""What the frame of every page shows a logged-in trader, all read in the page's own snapshot."""

from functools import cache
from typing import NamedTuple

from apps.chat.models import Conversation
from apps.live.compiled import Compiled, Counted, Given
from apps.live.models import Inbox
from apps.notifications.models import Notification
from apps.transactions.models import PurchaseRequest


class Shown(NamedTuple):
    avatar: str


class Face(NamedTuple):
    """What an avatar is drawn of."""

    pk: int
    username: str
    profile: Shown


class Frame(NamedTuple):
    live_head: int = 0
    unread_total: int = 0
    notifications_unread: int = 0
    sales_waiting: int = 0


def _frame():
    user = Given("user")
    counted = (
        Conversation.objects.unread_texts(user),
        Notification.objects.of(user).unread().order_by(),
        PurchaseRequest.objects.waiting_for(user),
    )
    return Inbox.objects.filter(pk=user).values_list("head", *(Counted(rows.values("pk")) for rows in counted))


FRAME = Compiled(_frame)


GUEST = {"signed_in": False, "face": None} | Frame()._asdict()


def trader(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return GUEST

    @cache
    def frame() -> Frame:
        found = Frame(*(FRAME.first(user=user.pk) or ()))
        if request.live_head is None:
            request.live_head = found.live_head
        return found._replace(live_head=request.live_head)

    # Templates call them: what shows no frame asks for none.
    counted = {name: lambda name=name: getattr(frame(), name) for name in Frame._fields}
    return {"signed_in": True, "face": lambda: Face(user.pk, user.username, Shown(user.profile.avatar))} | counted
