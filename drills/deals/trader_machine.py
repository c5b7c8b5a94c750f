"""Hypothesis against the site: what product.md says, in plain Python, beside the same clicks through the HTTP client.

Each run has a listing of its own; traders and their counters go on from run to run.
"""

from collections import Counter
from decimal import Decimal
from typing import ClassVar

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.accounts.models import CustomUser, Profile
from apps.listings.models import Listing
from apps.live.models import Event
from apps.transactions import invariants
from apps.transactions.models import DealStep, PurchaseRequest

from .stall import offer, traders

SELLER, BUYERS = "alice", ["bob", "charlie", "dana"]
OPEN = {"pending", "accepted"}
# step: (by the seller, from, to)
TABLE = {
    "accept": (True, {"pending"}, "accepted"),
    "reject": (True, {"pending", "accepted"}, "rejected"),
    "complete": (True, {"accepted"}, "completed"),
    "cancel": (False, {"pending", "accepted"}, "cancelled"),
}
DONE, LOST, NOT_YOURS, NOT_THERE, PAGE = 302, 400, 403, 404, 200
CHECK_EVERY = 20  # runs between two looks at all rows

names = st.sampled_from([SELLER, *BUYERS])
askers = st.sampled_from([*BUYERS, *BUYERS, *BUYERS, SELLER])
numbers = st.integers(0, 100)


class Trading(RuleBasedStateMachine):
    """`runs` counts across the class, `clicks` too; `told` is how often the seller and each buyer heard of a step."""

    people: ClassVar[dict[str, CustomUser]] = {}
    clients: ClassVar[dict[str, Client]] = {}
    counters: ClassVar[Counter] = Counter()
    marks: ClassVar[dict[str, list[int]]] = {}
    runs: ClassVar[int] = 0
    clicks: ClassVar[int] = 0

    @classmethod
    def meet(cls) -> None:
        """Once, in an empty database."""
        cls.people = {user.username: user for user in traders(SELLER, *BUYERS)}
        cls.clients = {name: Client(SERVER_NAME="127.0.0.1") for name in cls.people}
        for name, client in cls.clients.items():
            client.force_login(cls.people[name])
        cls.counters, cls.marks, cls.runs, cls.clicks = Counter(), {name: [] for name in cls.people}, 0, 0

    @initialize()
    def put_on_sale(self):
        self.listing, self.hidden, self.price = "active", False, Decimal("100.00")
        self.requests: list[dict] = []
        self.row = offer(self.people[SELLER])
        self.began = DealStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.steps: list[tuple[int, str]] = []

    # What people do ------------------------------------------------------------------------------

    @rule(who=askers)
    def ask(self, who):
        self._expect(self._asked(who), who, "transactions:create", self.row.pk, {"message": ""})

    def _asked(self, who):
        if self.hidden:
            return NOT_THERE
        if who == SELLER:
            return NOT_YOURS
        if any(request["buyer"] == who and request["status"] in OPEN for request in self.requests):
            return DONE
        if self.listing != "active":
            return LOST
        self.requests.append({"buyer": who, "status": "pending", "price": self.price, "reviewed": set()})
        self.steps.append((len(self.requests) - 1, "create"))
        return DONE

    def _step(self, number, step, who):
        request = self.requests[number % len(self.requests)]
        expected = self._stepped(number % len(self.requests), request, step, who)
        self._expect(expected, who, f"transactions:{step}", self._pk(number % len(self.requests)))

    @precondition(lambda self: self.requests)
    @rule(number=numbers, step=st.sampled_from(list(TABLE)))
    def take_a_step(self, number, step):
        request = self.requests[number % len(self.requests)]
        self._step(number, step, SELLER if TABLE[step][0] else request["buyer"])

    @precondition(lambda self: any(request["status"] == "accepted" for request in self.requests))
    @rule(step=st.sampled_from(["complete", "cancel", "reject", "accept"]))
    def go_on_with_the_accepted(self, step):
        number = next(number for number, request in enumerate(self.requests) if request["status"] == "accepted")
        self._step(number, step, SELLER if TABLE[step][0] else self.requests[number]["buyer"])

    @precondition(lambda self: self.requests)
    @rule(number=numbers, step=st.sampled_from(list(TABLE)), who=names)
    def reach_for_anybodys(self, number, step, who):
        self._step(number, step, who)

    def _stepped(self, number, request, step, who):
        by_seller, before, after = TABLE[step]
        if who != (SELLER if by_seller else request["buyer"]):
            return NOT_YOURS
        if request["status"] == after:
            return DONE
        if request["status"] not in before or (step == "accept" and (self.hidden or self.listing != "active")):
            return LOST
        if after == "accepted":
            self.listing = "reserved"
        elif after == "completed":
            self.listing = "sold"
            self.counters[SELLER, "sales"] += 1
            self.counters[request["buyer"], "purchases"] += 1
        elif request["status"] == "accepted":
            self.listing = "active"
        request["status"] = after
        self.steps.append((number, step))
        if after == "completed":
            self._close()
        return DONE

    @rule(status=st.sampled_from(Listing.Status.values), who=st.sampled_from([*[SELLER] * 5, "bob"]), price=st.integers(1, 999))
    def edit(self, status, who, price):
        fields = {"title": "Меч", "description": "—", "price": str(price), "status": status}
        self._expect(self._edited(status, who, price), who, "listings:edit", self.row.pk, fields)

    def _edited(self, status, who, price):
        if self.hidden:
            return NOT_THERE
        if who != SELLER:
            return NOT_YOURS
        if status != self.listing:
            if self._has("accepted") or self._has("completed"):
                return LOST
            self.listing = status
            if status in {"sold", "cancelled"}:
                self._close()
        self.price = Decimal(price)
        return DONE

    @precondition(lambda self: len(self.steps) > 4)
    @rule(who=st.sampled_from([*[SELLER] * 3, "bob"]))
    def delete(self, who):
        self._expect(self._deleted(who), who, "listings:delete", self.row.pk)

    def _deleted(self, who):
        if who != SELLER:
            return NOT_THERE if self.hidden else NOT_YOURS
        if self.hidden:
            return DONE
        if self._has("accepted"):
            return LOST
        self.hidden = True
        if self.listing in {"active", "reserved"}:
            self.listing = "cancelled"
            self._close()
        return DONE

    @precondition(lambda self: self.requests)
    @rule(number=numbers, who=names, rating=st.integers(1, 5))
    def review(self, number, who, rating):
        number %= len(self.requests)
        expected = self._reviewed(self.requests[number], who, rating)
        self._expect(expected, who, "transactions:review", self._pk(number), {"rating": rating})

    def _reviewed(self, request, who, rating):
        if who not in {SELLER, request["buyer"]}:
            return NOT_YOURS
        if request["status"] != "completed" or who in request["reviewed"]:
            return LOST
        request["reviewed"].add(who)
        self.marks[request["buyer"] if who == SELLER else SELLER].append(rating)
        return DONE

    @precondition(lambda self: self.requests)
    @rule(number=numbers, who=names, page=st.sampled_from(["detail", *TABLE]))
    def look(self, number, who, page):
        """GET: whatever it answers, the invariants below see that nothing changed."""
        number %= len(self.requests)
        request = self.requests[number]
        if page == "detail":
            expected = PAGE if who in {SELLER, request["buyer"]} else NOT_YOURS
        else:
            by_seller, before, after = TABLE[page]
            if who != (SELLER if by_seller else request["buyer"]):
                expected = NOT_YOURS
            elif request["status"] == after:
                expected = DONE
            else:
                lost = request["status"] not in before or (page == "accept" and (self.hidden or self.listing != "active"))
                expected = LOST if lost else PAGE
        type(self).clicks += 1
        answer = self.clients[who].get(reverse(f"transactions:{page}", args=[self._pk(number)]))
        assert answer.status_code == expected, (page, who, answer.status_code, expected)

    # What must be so after each ------------------------------------------------------------------

    @invariant()
    def the_rows_say_the_same(self):
        listing = Listing.objects.get(pk=self.row.pk)
        assert (listing.status, listing.hidden_at is not None, listing.price) == (self.listing, self.hidden, self.price)
        rows = (
            PurchaseRequest.objects.filter(listing=listing).order_by("pk").values_list("pk", "buyer__username", "status", "price")
        )
        self.pks = [row[0] for row in rows]
        assert [row[1:] for row in rows] == [(each["buyer"], each["status"], each["price"]) for each in self.requests]
        self._each_step_stands_once_in_the_history_and_in_both_logs()

    def _each_step_stands_once_in_the_history_and_in_both_logs(self):
        lines = list(DealStep.objects.filter(pk__gt=self.began).order_by("pk").values_list("pk", "request", "step"))
        assert [(self.pks.index(request), step) for _pk, request, step in lines] == self.steps
        heard = {name: [] for name in self.people}
        news = Event.objects.filter(type="deal.changed", data__isnull=True, about__gt=self.began).order_by("user_id", "seq")
        for name, line in news.values_list("user__username", "about"):
            heard[name].append(line)
        buyers = {pk: request["buyer"] for pk, request in zip(self.pks, self.requests, strict=True)}
        for name, told in heard.items():
            assert told == [pk for pk, request, _step in lines if name in {SELLER, buyers[request]}], name

    def teardown(self):
        cls = type(self)
        cls.runs += 1
        rows = Profile.objects.values_list("user__username", "total_sales", "total_purchases", "rating")
        for name, sales, purchases, rating in rows:
            assert (sales, purchases) == (self.counters[name, "sales"], self.counters[name, "purchases"]), name
            mean = sum(self.marks[name]) / max(1, len(self.marks[name]))
            assert abs(float(rating) - mean) <= 0.0051, (name, rating, mean)
        if cls.runs % CHECK_EVERY == 0:
            assert list(invariants.violations()) == []

    def _expect(self, expected, who, route, pk, fields=None):
        type(self).clicks += 1
        answer = self.clients[who].post(reverse(route, args=[pk]), fields or {})
        assert answer.status_code == expected, (route, who, answer.status_code, expected)

    def _pk(self, number):
        return self.pks[number]

    def _has(self, status):
        return any(request["status"] == status for request in self.requests)

    def _close(self):
        for number, request in enumerate(self.requests):
            if request["status"] == "pending":
                request["status"] = "rejected"
                self.steps.append((number, "reject"))
