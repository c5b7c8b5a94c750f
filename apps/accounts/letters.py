"""Letters of the site, in the reader's language; sent behind the answer, whose time must not tell whether there was one."""

import logging
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from .models import CustomUser

logger = logging.getLogger(__name__)
queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")

CONFIRM_SALT = "accounts.email"
CONFIRM_AGE = 7 * 24 * 60 * 60  # seconds


def reset(user: CustomUser) -> EmailMessage:
    """A link to a new password, good for one use within settings.PASSWORD_RESET_TIMEOUT."""
    link = reverse("accounts:password_reset_confirm", args=[user.pk, default_token_generator.make_token(user)])
    return _written("accounts/mail/reset.txt", _("Новый пароль для LootLink"), user, link)


def confirmation(user: CustomUser) -> EmailMessage:
    token = signing.dumps([user.pk, user.email_key], salt=CONFIRM_SALT)
    return _written(
        "accounts/mail/confirm.txt", _("Подтвердите почту для LootLink"), user, reverse("accounts:email_confirm", args=[token])
    )


def confirmed_by(token: str) -> CustomUser | None:
    """Whose address this link confirms, if it still is that trader's."""
    try:
        pk, email_key = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_AGE)
    except signing.BadSignature:
        return None
    return CustomUser.objects.filter(pk=pk, email_key=email_key, is_active=True).first()


def send(letter: EmailMessage) -> None:
    queue.submit(_send, letter)


def _written(template: str, subject: str, user: CustomUser, link: str) -> EmailMessage:
    text = render_to_string(template, {"trader": user, "link": settings.SITE_URL + link})
    return EmailMessage(subject, text, to=[user.email])


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except (OSError, SMTPException) as error:
        logger.error("letter not sent: %s", error)
