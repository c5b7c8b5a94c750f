"""What the clients saw against what the tables have. Server counters have no say here."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from apps.chat.models import Message
from apps.live.models import Event, Inbox

from .clients import Trader


@dataclass
class Verdict:
    """`strange`: what nobody should ever see, in words."""

    events: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    strange: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.strange)

    def __str__(self) -> str:
        words = f"{self.lost}/{self.doubled}/{self.disordered} of {self.events} events"
        return words + (f"; {'; '.join(sorted(set(self.strange))[:3])}" if self.strange else "")


def check(traders: list[Trader]) -> Verdict:
    """Every tab's view against its log, and every message said against its row."""
    verdict = Verdict()
    for trader in traders:
        _check_log(trader, verdict)
    _check_rows(traders, verdict)
    return verdict


def _check_log(trader: Trader, verdict: Verdict) -> None:
    rows = Event.objects.filter(user_id=trader.person.id, seq__gt=trader.began_at).order_by("seq")
    log = {seq: (type, about) for seq, type, about in rows.values_list("seq", "type", "about")}
    head = Inbox.objects.get(pk=trader.person.id).head
    if sorted(log) != list(range(trader.began_at + 1, head + 1)):
        verdict.strange.append(f"the log of {trader.person.name} is not dense")
    verdict.events += len(log)
    seen = Counter(event.seq for event in trader.applied)
    verdict.lost += len(log.keys() - seen.keys())
    # Twice to the same connection counts too, though a tab drops it.
    verdict.doubled += sum(times - 1 for times in seen.values()) + trader.doubled
    order = [event.seq for event in trader.applied]
    verdict.disordered += sum(later <= earlier for earlier, later in zip(order, order[1:], strict=False)) + trader.gaps
    for event in trader.applied:
        type, about = log.get(event.seq, (None, None))
        if type != event.type or (type == "message.new" and about != event.about):
            verdict.strange.append(f"{event.type} {event.seq} of {trader.person.name} is {type} in the table")
    if trader.strangers:
        verdict.strange.append(f"{trader.person.name} was told of a talk of others")


def _check_rows(traders: list[Trader], verdict: Verdict) -> None:
    """One row a message said, of the id that was answered; those of one author in one talk in the order of saying."""
    rows = defaultdict(list)
    found = Message.objects.filter(sender__in=[trader.person.id for trader in traders], kind="text")
    for pk, sender, conversation, content in found.values_list("pk", "sender", "conversation", "content"):
        rows[sender, conversation, content].append(pk)
    for trader in traders:
        last: dict[int, int] = {}
        for sent in trader.sent.values():
            ids = rows[trader.person.id, sent.conversation, sent.content]
            verdict.lost += not ids
            verdict.doubled += len(ids) > 1
            if sent.ok_at and sent.id not in ids:
                verdict.strange.append("an ok for a message that is not there")
            if ids:
                verdict.disordered += ids[0] <= last.get(sent.conversation, 0)
                last[sent.conversation] = ids[0]
