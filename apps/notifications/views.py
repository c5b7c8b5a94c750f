"""The bell's list."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.paging import page_of

from .models import Bell, Notification

PIECES = {"bell": "notifications/_bell.html", "notifications": "notifications/_list.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notifications(request):
    """Looking changes nothing; POST marks all read."""
    mine = Notification.objects.of(request.user)
    if request.method == "POST":
        Bell.read_up_to(request.user.pk, mine.values_list("pk", flat=True).first() or 0)
        return redirect("notifications:list")
    page = page_of(mine, request.GET.get("page"), settings.PAGE_SIZE)
    asked = request.headers.get("X-Fragment", "").split()
    # More than one piece is cut out of the whole page.
    template = PIECES.get(" ".join(asked), "notifications/list.html")
    return render(request, template, {"page": page, "bell": "bell" in asked})
