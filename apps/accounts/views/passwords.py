"""Another password: changing it, and getting a new one by mail."""

import logging

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.live import feed

from .. import letters, limits, names
from ..attempts import Attempt
from ..forms.passwords import NewPasswordForm, PasswordChangeForm, ResetForm
from ..models import CustomUser

logger = logging.getLogger("lootlink.security")
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@reads_and_posts
@login_required
def change(request):
    if request.method != "POST":
        return render(request, "accounts/password_change.html", {"form": PasswordChangeForm(request.user)})
    user = CustomUser.objects.get(pk=request.user.pk)
    attempt = Attempt(f"change:{user.pk}", limits.address(request), is_in=True)
    form = PasswordChangeForm(user, request.POST)
    good = form.is_valid()
    if "old_password" in form.cleaned_data:
        attempt.succeeded()
    if not good:
        with feed.snapshot():
            return render(request, "accounts/password_change.html", {"form": form}, status=400)
    _changed(request, user, form.cleaned_data["new_password1"])
    logger.info("password changed user=%s address=%s", user.pk, limits.address(request))
    messages.success(request, _("Пароль изменён. На других устройствах вы вышли из аккаунта."))
    return redirect("accounts:profile_edit")


def _changed(request, user: CustomUser, password: str) -> None:
    """All other sessions end. This one is saved before anybody is told, or its own sockets would be turned away."""
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        request.session.save()


@reads_and_posts
def reset(request):
    """Answers alike whether or not the address is known, in words and in time."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        with feed.snapshot():
            return render(request, "accounts/password_reset.html", {"form": form}, status=400 if form.is_bound else 200)
    key = names.email_key(form.cleaned_data["email"])
    limits.take("reset", key)
    user = CustomUser.objects.filter(email_key=key, is_active=True).first()
    letter = letters.reset(user or CustomUser(pk=0, email=key))
    if user:
        letters.send(letter)
    logger.info("password reset asked user=%s address=%s", user and user.pk, limits.address(request))
    return redirect("accounts:password_reset_sent")


@require_safe
def reset_sent(request):
    return render(request, "accounts/password_reset_sent.html")


@sensitive_post_parameters()
@reads_and_posts
def reset_confirm(request, pk, token):
    user = CustomUser.objects.filter(pk=pk, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        return _confirm_page(request, None)
    form = NewPasswordForm(user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _confirm_page(request, form)
    if not _reset_done(user.pk, token, form.cleaned_data["new_password1"]):
        return _confirm_page(request, None)
    logger.info("password reset user=%s address=%s", user.pk, limits.address(request))
    messages.success(request, _("Пароль изменён. Войдите с новым."))
    return redirect("accounts:login")


def _reset_done(pk: int, token: str, password: str) -> bool:
    """Looks at the link again under the lock: of two who use it at once one succeeds."""
    hashed = make_password(password)
    with transaction.atomic():
        user = CustomUser.objects.select_for_update(no_key=True).get(pk=pk)
        if not default_token_generator.check_token(user, token):
            return False
        user.password = hashed
        user.email_confirmed_at = user.email_confirmed_at or timezone.now()
        user.save(update_fields=["password", "email_confirmed_at"])
    return True


def _confirm_page(request, form):
    """The address of this page is the key: it goes into no Referer. The origin may, or a form has none and is refused."""
    status = 400 if form is None or form.is_bound else 200
    with feed.snapshot():
        response = render(request, "accounts/password_reset_confirm.html", {"form": form}, status=status)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
