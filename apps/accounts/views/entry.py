"""Registering, logging in, logging out."""

import logging
import time

from django.conf import settings
from django.contrib import auth
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.chat import navigation
from apps.live import feed, push
from apps.live.middleware import writes

from .. import backends, letters, limits, names
from ..attempts import Attempt
from ..forms.entry import LoginForm, RegistrationForm
from ..store import STARTED, age

logger = logging.getLogger("lootlink.security")
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@reads_and_posts
def register(request):
    if request.method != "POST":
        return _go_on(request) if request.user.is_authenticated else _entry(request, "register", RegistrationForm())
    limits.take("register", limits.address(request))
    form = RegistrationForm(request.POST)
    if user := _registered(form):
        logger.info("registered user=%s address=%s", user.pk, limits.address(request))
        letters.send(letters.confirmation(user))
        _enter(request, user)
        return _go_on(request)
    return _entry(request, "register", form, status=400)


@sensitive_post_parameters()
@reads_and_posts
def login(request):
    if request.method != "POST":
        return _entry(request, "login", LoginForm()) if _must_enter(request) else _go_on(request)
    form = LoginForm(request.POST)
    if form.is_valid():
        if user := _known(request, **form.cleaned_data):
            _enter(request, user)
            return _go_on(request)
        form.add_error(None, _("Имя или пароль не подходят. Проверьте раскладку и Caps Lock."))
    return _entry(request, "login", form, status=400)


@writes
@reads_and_posts
def logout(request):
    """GET is a person's own step here, as the browser tells; another site's picture or a prefetch gets a page with a button."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('accounts:login')}?next={reverse('listings:home')}")
    if request.method != "POST" and not _is_own_step(request):
        with feed.snapshot():
            return render(request, "accounts/logout.html")
    if request.method != "HEAD":
        leaving = request.user.pk
        auth.logout(request)
        push.recheck([leaving])
        logger.info("logout user=%s", leaving)
    return redirect("listings:home")


def _must_enter(request) -> bool:
    """A stranger, or staff whose shift is over."""
    user = request.user
    return not user.is_authenticated or (user.is_staff and age(request.session) >= settings.SESSION_STAFF)


def _is_own_step(request) -> bool:
    asked = {name: request.headers.get(f"Sec-Fetch-{name}") for name in ("Site", "Mode", "Dest")}
    return (
        asked["Site"] in {None, "same-origin", "none"}
        and asked["Mode"] in {None, "navigate"}
        and asked["Dest"] in {None, "document"}
        and not navigation.is_ahead(request)
    )


def _registered(form: RegistrationForm):
    if not form.is_valid():
        return None
    try:
        return form.save()
    except IntegrityError:
        form.full_clean()  # now the name or the address of whoever came first is there
        if form.is_valid():
            form.add_error(None, _("Не получилось. Попробуйте ещё раз."))
        return None


def _known(request, username: str, password: str):
    """The trader, or None for an unknown name, a wrong password and a banned account alike. Raises TooMany."""
    account = backends.find(username)
    attempt = Attempt(str(account.pk) if account else f"?{names.key(username)}", limits.address(request))
    user = auth.authenticate(request, username=username, password=password)
    if user is None:
        logger.warning("login failed user=%s address=%s", account and account.pk, limits.address(request))
        return None
    attempt.succeeded()
    return user


def _enter(request, user) -> None:
    before = request.user.pk
    auth.login(request, user, backend="apps.accounts.backends.TraderBackend")
    request.session[STARTED] = int(time.time())
    if before is not None:
        push.recheck([before])
    logger.info("login user=%s address=%s", user.pk, limits.address(request))


def _entry(request, page: str, form, status: int = 200):
    with feed.snapshot():
        return render(request, f"accounts/{page}.html", {"form": form, "next": _onward(request)}, status=status)


def _go_on(request):
    # redirect() would take `next` for the name of a view.
    return HttpResponseRedirect(_onward(request))


def _onward(request) -> str:
    """Where the visitor was going, if that is on this site; not to the page that logs out again."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and not target.startswith(reverse("accounts:logout")) else resolve_url("listings:home")
