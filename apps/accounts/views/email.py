"""Confirming an address: by a link and a button, for a mail scanner follows links too."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.live import feed

from .. import letters, limits
from ..models import CustomUser


@require_POST
@login_required
def resend(request):
    if request.user.email_confirmed_at is None:
        limits.take("reset", f"confirm:{request.user.pk}")
        letters.send(letters.confirmation(request.user))
        messages.success(request, _("Письмо отправлено. Откройте ссылку из него."))
    return redirect("accounts:profile_edit")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    user = letters.confirmed_by(token)
    if user and request.method == "POST":
        CustomUser.objects.filter(pk=user.pk, email_confirmed_at=None).update(email_confirmed_at=Now())
        messages.success(request, _("Почта подтверждена."))
        return redirect("listings:home")
    with feed.snapshot():
        response = render(request, "accounts/email_confirm.html", {"trader": user}, status=200 if user else 400)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
