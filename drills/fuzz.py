"""F18–F20: frames, requests and pictures that nobody of ours would send."""

import asyncio
from collections.abc import Callable

from apps.accounts.models import CustomUser
from apps.transactions import flow

from . import gauges, people
from .clients import COOKIE
from .frame_fuzz import Said, say_odd_frames
from .picture_fuzz import Uploaded, upload_odd_pictures
from .request_fuzz import Answered, send_odd_requests
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage

FAULTS = (" ERROR ", " CRITICAL ", "Traceback")
FRAMES_MB, PICTURES_MB = 30, 100


def faults(site: Site) -> list[str]:
    """The lines of the workers' log that tell of a fault of ours."""
    return [line for line in site.said().splitlines() if any(word in line for word in FAULTS)]


@drill("F18", "Fuzzed frames on 8 sockets", f"0 unhandled, every frame answered, RSS +< {FRAMES_MB} MB", seconds=240)
def f18(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(10_000, 800)
    crowd, talks = people.pairs(4)
    with stage.site(workers=1) as site:
        say = speaker(site, crowd, talks)
        asyncio.run(say(scale.of(1_000, 200), scale.seed + 1_000))  # what a worker needs once
        pid = site.workers[0].pid
        before = gauges.memory(pid)
        said: Said = asyncio.run(say(number, scale.seed))
        grown = gauges.memory(pid) - before
        unhandled = faults(site)
    figure = (
        f"{said.frames} frames: {sum(said.answers.values())} answered ({said.answers['bad_frame']} bad_frame), "
        f"{said.closed} ended by the protocol, {said.missed} not answered, {len(unhandled)} lines of faults, RSS {grown:+.0f} MB"
    )
    held = not said.missed and not unhandled and grown < FRAMES_MB and said.frames >= number
    outcome = Outcome(figure + _first(said.wrong or unhandled), held)
    if scale.controls:
        with stage.site(workers=1, without="guard") as site:
            naive = asyncio.run(speaker(site, crowd, talks)(400, scale.seed))
            unhandled = faults(site)
        outcome.control = f"without the guard of parse(): {naive.missed} of 400 not answered, {len(unhandled)} lines of faults"
        outcome.control_failed = bool(naive.missed and unhandled)
    return outcome


def speaker(site: Site, crowd: list[people.Person], talks: list[people.Talk]) -> Callable:
    address = site.workers[0].url.replace("http", "ws", 1) + "/ws/"
    cookies = [f"{COOKIE}={person.session}" for person in crowd]
    return lambda number, seed: say_odd_frames(address, cookies, [talk.id for talk in talks], number, seed)


@drill("F19", "Fuzzed requests: every route, role and method, on 2 workers", "0 × 500, nothing in the error log", seconds=2_700)
def f19(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(20_000, 400)
    market = Market()
    with stage.site() as site:
        answered = requested(site, market, number, scale.seed)
        unhandled = faults(site)
    codes = ", ".join(f"{count} × {code}" for code, count in sorted(answered.statuses.items()))
    figure = (
        f"{answered.requests} requests: {codes}, {answered.hung_up} broken ones hung up on; {len(answered.failures)} failures, "
        f"{len(unhandled)} lines in the error log"
    )
    held = not answered.failures and not unhandled and answered.requests >= number
    outcome = Outcome(figure + _first(answered.failures or unhandled), held, Times.of(answered.seconds))
    if scale.controls:
        with stage.site(without="wire") as site:
            naive = requested(site, market, 400, scale.seed)
        outcome.control = f"with daphne's own reading of headers: {len(naive.failures)} failures of 400"
        outcome.control_failed = bool(naive.failures)
    return outcome


def requested(site: Site, market: "Market", number: int, seed: int) -> Answered:
    urls = [worker.url for worker in site.workers]
    return asyncio.run(send_odd_requests(urls, market.sessions, market.names(), number, seed))


class Market:
    """Somebody of every role, and a listing and a deal in every state, for addresses that exist."""

    def __init__(self):
        staff = {"is_staff": True, "is_superuser": True}
        self.users = {role: people.trader() for role in ("stranger", "buyer", "seller")} | {"staff": people.trader(**staff)}
        self.listings = [people.listing(self.users["seller"].pk) for _ in range(6)]
        buyer, seller = self.users["buyer"], self.users["seller"]
        steps = [[], ["accept"], ["reject"], ["cancel"], ["accept", "complete"]]
        self.deals = []
        for listing, names in zip(self.listings, steps, strict=False):
            deal = flow.create(listing.pk, buyer, "Здравствуйте!")
            for name in names:
                flow.advance(deal.pk, name, buyer if name == "cancel" else seller)
            self.deals.append(deal)

    def names(self) -> dict[str, list[str]]:
        ids = [str(each.pk) for each in [*self.listings, *self.deals, *self.users.values()]]
        varying = ("pk", "listing_id", "object_id", "id", "content_type_id")
        return {
            **dict.fromkeys(varying, ids),
            "slug": [self.listings[0].game.slug],
            "username": [user.username for user in self.users.values()],
            "app_label": ["accounts", "listings", "chat"],
        }

    def sessions(self) -> dict[str, str]:
        """New ones, whatever became of the old ones and of the accounts."""
        keys = {}
        for role, user in self.users.items():
            CustomUser.objects.filter(pk=user.pk).update(is_active=True)
            user.refresh_from_db()
            keys[role] = people.session(user)
        return keys


@drill(
    "F20",
    "Malformed pictures, uploaded to a listing and as an avatar",
    f"0 × 500, RSS +< {PICTURES_MB} MB, each < 2 s",
    seconds=1_200,
)
def f20(stage: Stage, scale: Scale) -> Outcome:
    seller = people.person()
    own = people.listing(seller.id).pk
    with stage.site(workers=1) as site:
        uploaded = uploaded_to(site, seller, own, scale.of(5_000, 120), scale.seed)
        unhandled = faults(site)
    codes = ", ".join(f"{count} × {code}" for code, count in sorted(uploaded.statuses.items()))
    figure = (
        f"{uploaded.pictures} pictures: {codes}; {len(uploaded.failures)} failures, {len(uploaded.slow)} over 2 s, "
        f"RSS {uploaded.grown:+.0f} MB (in between {uploaded.peak:+.0f} MB), {len(unhandled)} lines of faults"
    )
    slow = scale.of(uploaded.slow, [])
    held = not (uploaded.failures or slow or unhandled) and uploaded.grown < PICTURES_MB
    outcome = Outcome(figure + _first(uploaded.failures or slow or unhandled), held, Times.of(uploaded.seconds))
    if scale.controls:
        with stage.site(workers=1, without="damage") as site:
            naive = uploaded_to(site, seller, own, 120, scale.seed)
        outcome.control = f"pictures taken for whole: {len(naive.failures)} failures of 120"
        outcome.control_failed = bool(naive.failures)
    return outcome


def uploaded_to(site: Site, seller: people.Person, listing: int, number: int, seed: int) -> Uploaded:
    worker = site.workers[0]
    return upload_odd_pictures(worker.url, worker.pid, f"{COOKIE}={seller.session}", listing, number, seed)


def _first(wrong: list[str]) -> str:
    """The first of what went wrong, to begin from."""
    return f"; first: {wrong[0]}" if wrong else ""
