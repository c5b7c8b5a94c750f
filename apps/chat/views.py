"""The talks of a trader: the list, one talk, and the way into a new one."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import limits, presence
from apps.listings import cards
from apps.listings.models import Listing
from apps.live import feed, middleware
from apps.live.compiled import Compiled, Given
from apps.live.middleware import writes
from apps.transactions import panel, questions
from lootlink import leaving, links

from . import drafts, item, lines, navigation, pace, rows
from .forms import MessageForm
from .models import Conversation, Message

HIGHEST_ID = 2**63 - 1
_EMPTY = MessageForm()

_OWN = ("participant1", "participant2", "listing", "read1", "read2", "last_message_id")
_ITEM = (*questions.ITEM, "image", "seller_id")
_TALK = Compiled(
    lambda: (
        Conversation.objects.select_related("participant1__profile", "participant2__profile", "listing")
        .only(
            *_OWN,
            *questions.through("participant1", questions.PERSON),
            *questions.through("participant2", questions.PERSON),
            *questions.through("listing", _ITEM),
        )
        .annotate(
            seen1=F("participant1__presence__seen_at"),
            seen2=F("participant2__presence__seen_at"),
            now=ExpressionWrapper(Now(), output_field=DateTimeField()),
        )
        .filter(pk=Given("talk"))
    )
)


@require_safe
@login_required
def index(request):
    return _drawn(request, _list(request))


@writes
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def conversation(request, pk):
    if request.method == "POST":
        talk = _of(request.user.pk, pk)
        form = MessageForm(request.POST)
        if _posted(form, talk, request.user):
            return redirect("chat:conversation", talk.pk)
        return _page(request, pk, form, status=400)
    with feed.snapshot():
        talk = _of(request.user.pk, pk)
        read = talk.read_of(request.user.pk)
        if not navigation.shows(request) or read >= talk.last_message_id:
            return _page(request, pk, read=read, talk=talk)
    Conversation.read_many([drafts.Reading(talk.pk, request.user.pk, talk.last_message_id)])
    return _page(request, pk, read=read)


def _of(reader: int, pk: int) -> Conversation:
    talk = _TALK.first(talk=pk)
    if talk is None:
        raise Http404
    if reader not in talk.participants:
        raise PermissionDenied
    return talk


def _posted(form: MessageForm, talk: Conversation, author) -> bool:
    """Whether the message is written; else the form says why not. Raises TooMany."""
    if wait := pace.messages.take(author.pk):
        raise limits.TooMany(round(wait) or 1)
    if not form.is_valid():
        return False
    try:
        talk.post(author.pk, form.cleaned_data["content"], form.cleaned_data["ref"])
    except drafts.Forbidden as refusal:
        raise PermissionDenied from refusal
    except drafts.Refusal as refusal:
        form.add_error("content", str(refusal))
        return False
    return True


def _page(request, pk: int, form=None, read: int | None = None, status=200, talk: Conversation | None = None):
    """`talk`: as it is in the snapshot that is open, where one is."""
    with middleware.page(request):
        talk = talk or _of(request.user.pk, pk)
        return _drawn(request, _list(request) | _talk(request, talk, form, read), status)


def _drawn(request, context, status=200):
    return render(request, "chat/pieces.html" if context["pieces"] else "chat/talks.html", context, status=status)


def _list(request) -> dict:
    """The list of talks, and what every piece of these pages is drawn with."""
    choice = rows.Choice.of(request.GET)
    pieces = _pieces(request)
    context = {"choice": choice, "pieces": pieces, "patterns": lines.PATTERNS, "open": None, "query": request.GET.urlencode()}
    if not pieces or "talks" in pieces:
        context["rows"] = rows.rows(request.user, choice)
    return context


def _talk(request, talk: Conversation, form: MessageForm | None, read: int | None) -> dict:
    """One talk open. `read`: the reader's pointer as it was before this reading."""
    is_first = talk.participant1_id == request.user.pk
    other, seen_at = (talk.participant2, talk.seen2) if is_first else (talk.participant1, talk.seen1)
    seen = presence.Seen(presence.is_online(seen_at, talk.now), seen_at)
    context = {
        "open": talk.pk,
        "other": cards.Seller(other.pk, other.username, cards.Shown(other.profile.avatar, other.profile.rating), seen.online),
        "seen": seen,
        "seen_age": seen.last_seen and cards.age(seen.last_seen),
        "item": talk.listing and item.of(talk.listing, request.user.pk),
        "deal": talk.listing and panel.newest(talk, request.user),
        "form": form or _EMPTY,
        "ref": MessageForm.fresh_ref(),
    }
    pieces = _pieces(request)
    if not pieces or "messages" in pieces:
        read = talk.read_of(request.user.pk) if read is None else read
        context["page_size"] = settings.HISTORY_PAGE
        context["history"] = lines.history(talk, request.user, read, _before(request))
    return context


def _pieces(request) -> set[str]:
    """Which regions a script asks for; none: the whole page."""
    return set(request.headers.get("X-Fragment", "").split())


def _before(request) -> int | None:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 20 and int(asked) <= HIGHEST_ID else None


@writes
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request, listing_id):
    listing = get_object_or_404(Listing, pk=listing_id)
    talk = _talks_of(request.user).exclude(listing__seller=request.user).filter(listing=listing).first()
    # A talk stays readable when its listing is hidden.
    if talk is None and not Listing.objects.visible_to(request.user).filter(pk=listing_id).exists():
        raise Http404
    if listing.seller_id == request.user.pk:
        raise PermissionDenied
    if request.method != "POST" and not navigation.is_own(request):
        with feed.snapshot():
            return render(request, "chat/start.html", {"listing": listing, "talk": talk})
    if request.method == "HEAD":
        return redirect("chat:conversation", talk.pk) if talk else redirect("chat:list")
    if talk is None:
        limits.rows("chat", _talks_of(request.user).exclude(listing__seller=request.user))
        try:
            talk = Conversation.between(listing, request.user.pk, listing.seller_id)
        except IntegrityError as erased:
            raise Http404 from erased
    return redirect("chat:conversation", talk.pk)


def _talks_of(user):
    """Empty ones too."""
    return Conversation.objects.filter(Q(participant1=user) | Q(participant2=user))


@require_safe
@login_required
def leave(request, pk, number):
    """Before the link of this number in a message. Others' messages and absent ones look alike."""
    message = get_object_or_404(Message.objects.select_related("conversation"), pk=pk, kind=Message.Kind.TEXT)
    talk, found = message.conversation, links.found(message.content)
    if request.user.pk not in talk.participants or number >= len(found):
        raise Http404
    return leaving.page(request, found[number].address, message.content, reverse("chat:conversation", args=[talk.pk]))
