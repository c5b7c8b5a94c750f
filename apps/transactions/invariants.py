"""What must hold of every deal whatever happened: recomputed over the whole database, never read from a counter.

With those of talks and logs. Each check yields a sentence for every violation. The command check_invariants and the
tests of races run them all.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, F, Q

from apps.accounts.models import Profile
from apps.chat import invariants as talks
from apps.chat.models import Message
from apps.listings.models import Listing
from apps.live.models import Event

from . import flow
from .models import DealStep, PurchaseRequest, Review
from .reviews import average

Status = PurchaseRequest.Status
MOST = Decimal("9999999.99")


def violations() -> Iterator[str]:
    for check in (*talks.CHECKS, *CHECKS):
        yield from check()


def one_taken_per_listing():
    taken = Q(requests__status__in=PurchaseRequest.AGREED)
    for listing in Listing.objects.annotate(n=Count("requests", filter=taken)).filter(n__gt=1):
        yield f"listing {listing.pk}: {listing.n} requests accepted or completed"


def one_open_per_buyer():
    pairs = PurchaseRequest.objects.open().values("listing", "buyer").annotate(n=Count("pk")).filter(n__gt=1)
    for pair in pairs.order_by():
        yield f"listing {pair['listing']}, buyer {pair['buyer']}: {pair['n']} open requests"


def sides():
    for request in PurchaseRequest.objects.filter(Q(buyer=F("seller")) | ~Q(seller=F("listing__seller"))):
        yield f"deal {request.pk}: seller {request.seller_id}, buyer {request.buyer_id}"


def listing_follows_its_deal():
    wanted = {Status.ACCEPTED: Listing.Status.RESERVED, Status.COMPLETED: Listing.Status.SOLD}
    for request in PurchaseRequest.objects.with_contacts().select_related("listing"):
        if request.listing.status != wanted[request.status]:
            yield f"deal {request.pk} is {request.status}, its listing {request.listing.status}"
    closed = Q(listing__status__in=[Listing.Status.SOLD, Listing.Status.CANCELLED]) | Q(listing__hidden_at__isnull=False)
    for request in PurchaseRequest.objects.open().filter(closed):
        yield f"deal {request.pk} is {request.status} though its listing is closed"


def completion_has_its_time():
    wrong = Q(status=Status.COMPLETED, completed_at=None) | (~Q(status=Status.COMPLETED) & Q(completed_at__isnull=False))
    for request in PurchaseRequest.objects.filter(wrong):
        yield f"deal {request.pk}: {request.status}, completed_at {request.completed_at}"


def prices_and_ratings():
    for request in PurchaseRequest.objects.exclude(price__gt=0, price__lte=MOST):
        yield f"deal {request.pk}: price {request.price}"
    for review in Review.objects.exclude(rating__gte=1, rating__lte=5):
        yield f"review {review.pk}: rating {review.rating}"


def asked_of_what_was_on_sale():
    for line in DealStep.objects.filter(step=DealStep.Step.CREATE).exclude(listing_status=Listing.Status.ACTIVE):
        yield f"deal {line.request_id} was asked for while its listing was {line.listing_status}"


def counters():
    completed = PurchaseRequest.objects.filter(status=Status.COMPLETED)
    sales = dict(completed.values_list("seller").annotate(n=Count("pk")).order_by())
    purchases = dict(completed.values_list("buyer").annotate(n=Count("pk")).order_by())
    for profile in Profile.objects.all():
        counted = (sales.get(profile.user_id, 0), purchases.get(profile.user_id, 0), average(profile.user_id))
        if counted != (profile.total_sales, profile.total_purchases, profile.rating):
            yield f"user {profile.user_id}: the rows say {counted}"


def reviews_are_of_the_other_side():
    for review in Review.objects.select_related("purchase_request"):
        request = review.purchase_request
        pair = {review.reviewer_id, review.reviewed_user_id}
        if request.status != Status.COMPLETED or pair != {request.buyer_id, request.seller_id}:
            yield f"review {review.pk} does not belong to deal {request.pk}"


def one_review_of_each_side():
    twice = Review.objects.values("purchase_request", "reviewer").annotate(n=Count("pk")).filter(n__gt=1)
    for each in twice.order_by():
        yield f"deal {each['purchase_request']}: {each['n']} reviews by user {each['reviewer']}"


def history_is_legal():
    """The chain begins with create, each step leaves where the last arrived, and the last is the present status."""
    chains = defaultdict(list)
    for line in DealStep.objects.order_by("pk"):
        chains[line.request_id].append(line)
    for request in PurchaseRequest.objects.all():
        chain = chains[request.pk]
        rules = [flow.RULES[line.step] for line in chain]
        legal = (
            [line.from_status for line in chain] == ["", *(line.to_status for line in chain[:-1])]
            and all(line.from_status in rule.before for line, rule in zip(chain, rules, strict=True))
            and all(line.to_status == rule.after for line, rule in zip(chain, rules, strict=True))
        )
        if not legal or not chain or chain[-1].to_status != request.status or chain[-1].created_at != request.updated_at:
            yield f"deal {request.pk} is {request.status} after {[line.step for line in chain]}"


def told_to_both_in_order():
    """Where an event is kept, each step since stands once in the logs of both sides, in the order of the history."""
    lines = DealStep.objects.select_related("request").in_bulk()
    heard = defaultdict(list)
    for event in Event.objects.filter(type="deal.changed", data__isnull=True).order_by("user_id", "seq"):
        line = lines[event.about]
        heard[line.request_id, event.user_id].append(line.pk)
    chains = defaultdict(list)
    for line in sorted(lines.values(), key=lambda line: line.pk):
        chains[line.request_id].append(line.pk)
    for (request_id, user_id), told in heard.items():
        if told != chains[request_id][-len(told) :]:
            yield f"deal {request_id}: user {user_id} was told of the steps {told} of {chains[request_id]}"
        other = sum(lines[told[0]].request.parties) - user_id
        if heard.get((request_id, other)) != told:
            yield f"deal {request_id}: users {user_id} and {other} were told different things"


def lines_in_the_talk():
    """As many deal lines in the talk of the two about the listing as steps that they took."""
    lines = Message.objects.filter(kind=Message.Kind.DEAL).values_list(
        "conversation__listing", "conversation__participant1", "conversation__participant2"
    )
    shown = {(listing, frozenset(pair)): n for listing, *pair, n in lines.annotate(n=Count("pk")).order_by()}
    taken = defaultdict(int)
    for line in DealStep.objects.select_related("request"):
        taken[line.request.listing_id, frozenset(line.request.parties)] += 1
    for talk in shown.keys() | taken.keys():
        if shown.get(talk, 0) != taken.get(talk, 0):
            yield f"listing {talk[0]}, users {sorted(talk[1])}: {shown.get(talk, 0)} lines for {taken.get(talk, 0)} steps"


CHECKS = (
    one_taken_per_listing,
    one_open_per_buyer,
    sides,
    listing_follows_its_deal,
    completion_has_its_time,
    prices_and_ratings,
    asked_of_what_was_on_sale,
    counters,
    reviews_are_of_the_other_side,
    one_review_of_each_side,
    history_is_legal,
    told_to_both_in_order,
    lines_in_the_talk,
)
