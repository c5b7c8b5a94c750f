"""What a tab says and hears, in the words of each server: LootLink's frames, Socket.IO's packets, the tutorial's JSON."""

import time

import msgspec

from .wire import Wire

ACKNOWLEDGE_EVERY, ACKNOWLEDGE_AFTER = 50, 2  # events, seconds


class Row(msgspec.Struct):
    id: int
    sender: int
    ref: str | None = None


class Frame(msgspec.Struct):
    """Any frame of LootLink that this tab may hear."""

    type: str
    seq: int = 0
    ref: str | None = None
    message: Row | int | None = None
    head: int = 0
    code: str | int | None = None


class Told(msgspec.Struct):
    """A message, or that one was read."""

    id: int = 0
    sender: int = 0
    ref: str = ""


class Tab(Wire):
    """`load` is told what arrives. `sightings`: how often a message is heard of until it has been delivered."""

    sightings = 3  # its author's answer, both people's event
    answers = True

    def __init__(self, load, conversation: int, me: int, key: str):
        super().__init__()
        self.load, self.conversation, self.me, self.key = load, conversation, me, key
        self.newest = self.told = 0  # messages of the other side
        self.receipts = 0

    async def enter(self, url: str) -> None:
        raise NotImplementedError

    def post(self, ref: str, content: str) -> None:
        raise NotImplementedError

    def read(self, message: int) -> None:
        raise NotImplementedError

    def beat(self) -> None:
        """Now and then: say what was read."""
        if self.newest > self.told:
            self.told = self.newest
            self.read(self.newest)

    def lost(self, why: str) -> None:
        self.load.strange(f"a socket ended: {why}")


class LootLinkTab(Tab):
    _decode = msgspec.json.Decoder(Frame).decode

    def __init__(self, *who):
        super().__init__(*who)
        self.cursor = self.acknowledged = 0
        self.acknowledged_at = time.monotonic()

    async def enter(self, url: str) -> None:
        await self.connect(url, "/ws/", {"Cookie": f"sessionid={self.key}"})
        await self.ready

    def post(self, ref: str, content: str) -> None:
        text = f'{{"type":"message.send","ref":"{ref}","conversation":{self.conversation},"content":"{content}"}}'
        self.say(text.encode())

    def read(self, message: int) -> None:
        self.say(b'{"type":"message.read","conversation":%d,"message":%d}' % (self.conversation, message))

    def beat(self) -> None:
        super().beat()
        if self.cursor > self.acknowledged and time.monotonic() - self.acknowledged_at > ACKNOWLEDGE_AFTER:
            self._acknowledge()

    def heard(self, payload: bytes) -> None:
        frame = self._decode(payload)
        if frame.seq:
            if frame.seq != self.cursor + 1:
                self.load.strange("an event out of the log's order")
            self.cursor = frame.seq
            if frame.type == "message.new":
                self.load.arrived(self, frame.message)
            else:
                self.receipts += 1
            if self.cursor - self.acknowledged >= ACKNOWLEDGE_EVERY:
                self._acknowledge()
        elif frame.type == "ok":
            if frame.ref:
                self.load.answered(self, frame.ref)
        elif frame.type == "hello":
            self.cursor = self.acknowledged = frame.head
            self.ready.set_result(None)
        elif frame.type in {"error", "reset", "bye"}:
            self.load.strange(f"{frame.type} {frame.code or ''}")

    def _acknowledge(self) -> None:
        self.acknowledged, self.acknowledged_at = self.cursor, time.monotonic()
        self.say(b'{"type":"ping","seq":%d}' % self.cursor)


class SocketIoTab(Tab):
    """Engine.IO 4 over WebSocket alone: 0 open, 2 ping, 3 pong, 4 message; of messages 0 connects, 2 is an event, 3 an answer."""

    _decode = msgspec.json.Decoder(tuple[str, Told]).decode

    def __init__(self, *who):
        super().__init__(*who)
        self._asked: dict[bytes, str] = {}
        self._serial = 0

    async def enter(self, url: str) -> None:
        await self.connect(url, "/socket.io/?EIO=4&transport=websocket", {})
        await self.ready

    def post(self, ref: str, content: str) -> None:
        self._serial += 1
        self._asked[str(self._serial).encode()] = ref
        row = f'{{"conversation":{self.conversation},"ref":"{ref}","content":"{content}"}}'
        self.say(f'42{self._serial}["send",{row}]'.encode())

    def read(self, message: int) -> None:
        self.say(b'42["read",{"conversation":%d,"message":%d}]' % (self.conversation, message))

    def heard(self, payload: bytes) -> None:
        kind = payload[:2]
        if kind == b"42":
            event, told = self._decode(payload[2:])
            if event == "message":
                self.load.arrived(self, told)
            else:
                self.receipts += 1
        elif kind == b"43":
            self.load.answered(self, self._asked.pop(payload[2 : payload.index(b"[")]))
        elif kind == b"2":
            self.say(b"3")
        elif kind[:1] == b"0":
            self.say(b'40{"user":%d}' % self.me)
        elif kind == b"40":
            self.ready.set_result(None)
        else:
            self.load.strange(payload[:80].decode())


class TutorialTab(Tab):
    """The group's message is all that there is; nothing answers the author."""

    sightings = 2
    answers = False
    _decode = msgspec.json.Decoder(Told).decode

    async def enter(self, url: str) -> None:
        await self.connect(url, f"/ws/chat/{self.conversation}/?user={self.me}", {})

    def post(self, ref: str, content: str) -> None:
        self.say(f'{{"ref":"{ref}","message":"{content}"}}'.encode())

    def read(self, message: int) -> None:
        self.say(b'{"read":%d}' % message)

    def heard(self, payload: bytes) -> None:
        told = self._decode(payload)
        if told.ref:
            self.load.arrived(self, told)
        else:
            self.receipts += 1


TABS = {"lootlink": LootLinkTab, "socketio": SocketIoTab, "tutorial": TutorialTab}
