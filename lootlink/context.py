"""What the frame of every page shows a logged-in trader, all read in the page's own snapshot."""

from django.utils.functional import SimpleLazyObject

from apps.chat.models import Conversation
from apps.live import feed
from apps.notifications.models import Notification
from apps.transactions.models import PurchaseRequest


def trader(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}

    def live_head():
        if request.live_head is None:
            request.live_head = feed.head(user.pk)
        return request.live_head

    return {
        "live_head": SimpleLazyObject(live_head),
        "unread_total": SimpleLazyObject(lambda: Conversation.objects.unread_total(user)),
        "notifications_unread": SimpleLazyObject(lambda: Notification.objects.of(user).unread_count()),
        "sales_waiting": SimpleLazyObject(lambda: PurchaseRequest.objects.waiting_for(user)),
    }
