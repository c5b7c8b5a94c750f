"""After the commit: one hint for all users concerned, to every worker. Bounded, and nothing is lost when it fails."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from .models import Event

logger = logging.getLogger(__name__)

GROUP = "live"


class Hint(msgspec.Struct, omit_defaults=True):
    """What wakes the workers. It may be lost, doubled or late: the numbers tell, and the database has the rest."""

    origin: str = ""
    at: float = 0.0  # of the commit, in seconds since 1970
    # user → the numbers of the new events, each with the place of its ready frame, or -1 where it is read from the log
    news: dict[int, list[tuple[int, int]]] = {}
    frames: list[str] = []
    # unlogged frames, user → texts
    says: dict[int, list[str]] = {}
    # users whose sessions or account changed
    recheck: list[int] = []


_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Hint)


def packed(hints: list[Hint]) -> dict:
    """As the channel layer carries them, one a line."""
    return {"type": "live.hint", "body": _encoder.encode_lines(hints)}


def unpacked(message: dict) -> list[Hint]:
    """Raises msgspec's MsgspecError where it is none of ours."""
    return _decoder.decode_lines(message["body"])


@dataclass(slots=True)
class News:
    """An event as it is told: the log's Event, or what stands for it where making models costs more than all the rest."""

    user_id: int
    seq: int
    type: str
    about: int | None
    data: dict | None
    row: object = None  # what it speaks of, if it is at hand
    own: object = None


class Outlet(Protocol):
    """The worker of this process; `offer` may be called from any thread and returns at once."""

    def offer(self, hint: Hint) -> None: ...


_outlets: list[Outlet] = []


def connect(outlet: Outlet) -> None:
    """From now on this process pushes through `outlet`, on its event loop and its connection to Redis."""
    _outlets[:] = [outlet]


def disconnect(outlet: Outlet) -> None:
    if outlet in _outlets:
        _outlets.remove(outlet)


def send(events: "list[Event] | list[News]") -> None:
    """Tell every worker of the events that have just been committed."""
    frames: list[str] = []
    places: dict[tuple, int] = {}
    news: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for event, text in zip(events, _shape()(events), strict=True):
        place = -1
        if text is not None:
            place = places.setdefault(text, len(frames))
            if place == len(frames):
                frames.append(text)
        news[event.user_id].append((event.seq, place))
    offer(Hint(news=dict(news), frames=frames))


def recheck(user_ids: Iterable[int]) -> None:
    """Make every worker look at once whether the sockets of these users may stay open."""
    offer(Hint(recheck=list(user_ids)))


def offer(hint: Hint) -> None:
    if _outlets:
        _outlets[0].offer(hint)
    else:
        _offer_from_command(hint)


def _offer_from_command(hint: Hint) -> None:
    """A management command or a shell has no worker's event loop: it borrows one for a moment."""
    if not settings.REDIS_URL:
        return  # no other process could hear it; the worker's tick finds the event

    async def publish():
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(settings.LAYER_TIMEOUT):
                await layer.group_send(GROUP, packed([hint]))
        finally:
            await layer.flush()

    try:
        async_to_sync(publish)()
    except (OSError, RedisError, TimeoutError) as error:
        logger.warning("hint not sent: %s", error)


@cache
def _shape():
    return import_string(settings.LIVE_FRAMES)
