"""How fast one tab may speak."""

import time

from django.conf import settings

from apps.chat.pace import Bucket

from . import commands

SMALL = 8 * 1024  # characters of a frame that are worth reading once too many came
REFUSED = "refused"  # what came too fast, and waits for its turn to be told so


class Gate:
    """`flooded` once there were too many frames for too long, or too large ones."""

    __slots__ = ("flooded", "_at", "_bucket", "_since", "_size")

    def __init__(self):
        self._bucket = Bucket(settings.FRAME_RATE, settings.FRAME_BURST)
        self._since = self._at = 0.0
        self._size = 0  # characters of the frames that were too many
        self.flooded = False

    def refuses(self, text: str) -> dict | None:
        """What stands in the place of a frame that is too many."""
        wait = self._bucket.take()
        if not wait:
            return None
        now = time.monotonic()
        if now - self._at > 1:
            self._since, self._size = now, 0
        self._at = now
        self._size += len(text)
        self.flooded = now - self._since > settings.FRAME_FLOOD or self._size > settings.FRAME_FLOOD_SIZE
        # Who floods with large frames gets them read no further.
        return {"type": REFUSED, "wait": wait, "ref": commands.parse(text)[1] if len(text) <= SMALL else None}
