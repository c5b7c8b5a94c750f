"""How things are shown: prices, times, ratings, user text, icons, avatars, states and fields."""

from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.paginator import Paginator
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.listings import photos
from lootlink import modules
from lootlink.links import linked

register = template.Library()

NBSP = "\u00a0"

# state: (icon, word)
DEAL_STATES = {
    "pending": ("clock", gettext_lazy("Ждёт ответа")),
    "accepted": ("handshake", gettext_lazy("Принята")),
    "completed": ("circle-check", gettext_lazy("Завершена")),
    "rejected": ("x", gettext_lazy("Отклонена")),
    "cancelled": ("undo-2", gettext_lazy("Отменена")),
}
LISTING_STATES = {
    "active": ("tag", gettext_lazy("В продаже")),
    "reserved": ("lock", gettext_lazy("Занято")),
    "sold": ("circle-check", gettext_lazy("Продано")),
    "cancelled": ("undo-2", gettext_lazy("Снято")),
}
MARKS = [
    (1, gettext_lazy("Ужасно")),
    (2, gettext_lazy("Плохо")),
    (3, gettext_lazy("Нормально")),
    (4, gettext_lazy("Хорошо")),
    (5, gettext_lazy("Отлично")),
]
AVATAR_COLOURS = 8
EVERYWHERE = ("js/main.js", "js/trader.js")  # the modules of base.html, in a piece that is not drawn at every visit
SMALL_AVATAR = 32  # px: half of the stored small size, for dense screens


@register.filter
def price(value):
    """`1 234,50 ₽` with no-break spaces; kopecks only where there are any."""
    if value in (None, ""):
        return ""
    amount = _cents(value)
    whole, kopecks = f"{amount:.2f}".split(".")
    grouped = f"{int(whole):,}".replace(",", NBSP)
    return f"{grouped}{'' if kopecks == '00' else ',' + kopecks}{NBSP}₽"


@register.filter
def rating(value):
    return number_format(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP), 1)


@register.filter
def rating_data(value):
    return f"{_cents(value):.2f}"


def _cents(value):
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


@register.filter
def times(value, style="short"):
    """A `<time>` in UTC, with a text that scripts rewrite into the reader's zone by `data-time`.

    Not the month: "на сайте с марта" needs a case that a browser does not know, and a zone changes nothing in it.
    """
    if not value:
        return ""
    moment = value.astimezone(UTC)
    text = TIME_STYLES[style](moment)
    hook = "" if style == "month" else format_html(' data-time="{}"', style)
    return format_html('<time datetime="{}"{}>{}</time>', f"{moment:%Y-%m-%dT%H:%M:%SZ}", hook, text)


def _short(moment):
    minutes = _minutes_since(moment)
    if minutes < 1:
        return _("только что")
    if minutes < 60:
        return _("%(n)d мин").replace(" ", NBSP) % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)d ч").replace(" ", NBSP) % {"n": minutes // 60}
    if minutes < 7 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)d дн.", "%(n)d дн.", days).replace(" ", NBSP) % {"n": days}
    return _day(moment)


def _ago(moment):
    return naturaltime(moment) if _minutes_since(moment) < 24 * 60 else _day(moment)


def _day(moment):
    this_year = moment.year == timezone.now().astimezone(UTC).year
    return date_format(moment, f"j{NBSP}E" if this_year else f"j{NBSP}E{NBSP}Y")


def _calendar(moment):
    ago = (timezone.now().astimezone(UTC).date() - moment.date()).days
    return {0: _("сегодня"), 1: _("вчера")}.get(ago) or _day(moment)


def _minutes_since(moment):
    return int((timezone.now() - moment).total_seconds() // 60)


TIME_STYLES = {
    "short": _short,
    "ago": _ago,
    "clock": lambda moment: date_format(moment, "H:i"),
    "day": _day,
    "calendar": _calendar,
    "date": lambda moment: f"{_day(moment)}, {date_format(moment, 'H:i')}",
    "month": lambda moment: date_format(moment, f"E{NBSP}Y"),
}


@register.filter
def linkify(text, message=None):
    return linked(text, message)


@register.filter
def notice(level):
    """A message's level as the variant of its notice."""
    return {"success": "ok", "warning": "wait", "error": "bad"}.get(level, "info")


class Place(NamedTuple):
    """Which page of how many."""

    number: int
    pages: int

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    @property
    def numbers(self) -> list[int | None]:
        """Round this page and at both ends; None stands for a gap."""
        numbers = Paginator(range(self.pages), 1).get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def place(page):
    return Place(page.number, page.paginator.num_pages)


@register.filter
def parsed(query):
    """The parameters of an address, from its end."""
    return QueryDict(query)


@register.simple_tag
def icon(name, size="", extra=""):
    return _drawn(static("icons/sprite.svg"), name, size, extra)


@lru_cache(maxsize=500)
def _drawn(sprite, name, size, extra):
    classes = " ".join(filter(None, ["icon", size and f"icon--{size}", extra]))
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag(takes_context=True)
def dropping(context, name):
    """This address without the parameter `name`, from the first page on."""
    kept = context["request"].GET.copy()
    for each in (name, "page"):
        kept.pop(each, None)
    return f"?{kept.urlencode()}"


@register.simple_tag(takes_context=True)
def script(context, name):
    named = context.render_context.setdefault("modules", set())
    if name not in EVERYWHERE:
        named.update(*map(modules.imports, EVERYWHERE))
    return modules.script(name, named)


@register.simple_tag
def stars(mark):
    label = _("%(mark)d из 5") % {"mark": mark}
    drawn = format_html_join("", "{}", ((icon("star", "", "" if n <= mark else "stars__empty"),) for n in range(1, 6)))
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', label, drawn)


@register.simple_tag(takes_context=True)
def current(context, *names):
    """`aria-current` when the page's `route` is one of these; "page" for the first, which is the link's own."""
    route = context.get("route")
    if not route or route not in names:
        return ""
    return format_html('aria-current="{}"', "page" if route == names[0] else "true")


@register.inclusion_tag("_avatar.html")
def avatar(user, size=24, online=False, presence=True):
    return {
        "user": user,
        "size": size,
        "colour": user.pk % AVATAR_COLOURS,
        "letter": user.username[:1].upper(),
        "url": photos.url(user.profile.avatar, "small" if size <= SMALL_AVATAR else "large"),
        "online": online,
        "presence": presence,
    }


@register.inclusion_tag("_status_badge.html")
def deal_badge(status):
    symbol, word = DEAL_STATES[status]
    return {"status": status, "icon": symbol, "word": word}


@register.inclusion_tag("_status_badge.html")
def listing_badge(status, always=False):
    """Nothing for an active listing, unless `always`."""
    if status == "active" and not always:
        return {}
    symbol, word = LISTING_STATES[status]
    return {"status": status, "icon": symbol, "word": word}


@register.inclusion_tag("_stepper.html")
def stepper(status, was_accepted=False, labels=True):
    first, accepted, completed = _("Заявка"), DEAL_STATES["accepted"][1], DEAL_STATES["completed"][1]
    match status:
        case "pending":
            steps = [(first, "now"), (_("Ответ"), "next"), (completed, "")]
        case "accepted":
            steps = [(first, "done"), (accepted, "now"), (completed, "next")]
        case "completed":
            steps = [(first, "done"), (accepted, "done"), (completed, "now")]
        case _:
            steps = [(first, "done"), *([(accepted, "done")] if was_accepted else []), (DEAL_STATES[status][1], "now")]
    return {"status": status, "steps": steps, "labels": labels}


@register.inclusion_tag("_field.html")
def field(bound, hint=""):
    kind = {"checkbox": "check", "clearablefile": "file", "file": "file"}.get(bound.widget_type, "")
    hint = hint or bound.help_text
    ids = [f"{bound.auto_id}_hint"] if hint else []
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    attrs = {"aria-describedby": " ".join(ids)} if ids else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {"field": bound, "widget": bound.as_widget(attrs=attrs), "hint": hint, "kind": kind}


@register.inclusion_tag("_rate.html")
def rate(bound):
    return {"field": bound, "chosen": str(bound.value() or ""), "marks": MARKS}
