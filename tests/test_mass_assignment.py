"""R5: a form with every field of every model added does what it does without them, and nothing else."""

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from apps.listings.forms import ListingForm
from apps.listings.tests.pictures import picture
from tests.market import undone

PASSWORD = "correct-horse-9"
NEW = "battery-staple-7"
MANY = 80
# path, role, what is typed, and what the form lists besides.
FORMS = {
    "put on sale": (
        "/listing/create/",
        "stranger",
        {"game": "{game}", "title": "Щит", "description": "Крепкий", "price": "100"},
        {"image"},
    ),
    "edit": (
        "/listing/{asked}/edit/",
        "seller",
        {"title": "Щит", "description": "Крепкий", "price": "100", "status": "active"},
        {"image"},
    ),
    "delete": ("/listing/{offered}/delete/", "seller", {}, set()),
    "ask to buy": ("/transactions/purchase-request/{offered}/create/", "stranger", {"message": "Здравствуйте"}, set()),
    "accept": ("/transactions/purchase-request/{deal_asked}/accept/", "seller", {}, set()),
    "reject": ("/transactions/purchase-request/{deal_asked}/reject/", "seller", {}, set()),
    "complete": ("/transactions/purchase-request/{deal_taken}/complete/", "seller", {}, set()),
    "cancel": ("/transactions/purchase-request/{deal_asked}/cancel/", "buyer", {}, set()),
    "review": ("/transactions/review/{deal_sold}/create/", "buyer", {"rating": "5", "comment": "Всё честно"}, set()),
    "write": ("/chat/conversation/{talk_asked}/", "buyer", {"content": "Ещё есть?", "ref": "r1"}, set()),
    "begin a talk": ("/chat/start/{offered}/", "stranger", {}, set()),
    "register": (
        "/accounts/register/",
        "guest",
        {"username": "novice", "email": "novice@example.com", "password1": NEW, "password2": NEW},
        {"next"},
    ),
    "log in": ("/accounts/login/", "guest", {"username": "bob", "password": PASSWORD}, {"next"}),
    "profile": (
        "/accounts/profile-edit/",
        "buyer",
        {"bio": "Играю", "phone": "", "telegram": "", "discord": "", "first_name": "Боб", "last_name": ""},
        {"avatar", "avatar_clear"},
    ),
    "password": (
        "/accounts/password-change/",
        "buyer",
        {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
        set(),
    ),
    "reset": ("/accounts/password-reset/", "guest", {"email": "bob@example.com"}, set()),
    "read the bell": ("/notifications/", "seller", {}, set()),
}
PICTURED = {"put on sale"}
# Of time or chance: the same form leaves others each time.
CHANCE = {"password", "session_key", "session_data", "image", "avatar", "key", "window"}
ADDED_UP = {"listings.Tally"}  # now and then, into fewer rows of the same sum


def extras(taken, market):
    """All fields of all models but `taken`, with values of the right kind that would do harm, in parts that a form takes."""
    victim = market.people["staff"].pk
    found = {"user_permissions": "1", "groups": "1"}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname} - taken:
                found[name] = str(harmful(field, victim))
    pairs = sorted(found.items())
    return [dict(pairs[at : at + MANY]) for at in range(0, len(pairs), MANY)]


def harmful(field, victim):
    match field:
        case models.BooleanField():
            return "on"
        case models.ForeignKey() | models.OneToOneField():
            return victim
        case models.DateTimeField():
            return "2001-01-01 00:00:00"
        case models.DecimalField():
            return "4.20"
        case models.IntegerField():
            return "4242"
        case _ if field.choices:
            return field.choices[-1][0]
        case _:
            return "harm"


def rows():
    """All that is kept, but for what time and chance decide."""
    kept = {}
    for model in apps.get_models():
        if model._meta.label in ADDED_UP:
            continue
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.name not in CHANCE and not isinstance(field, models.DateTimeField) and field.name != "seen_at"
        ]
        names = [field.attname for field in fields]
        found = model._base_manager.all()
        kept[model._meta.label] = sorted(found.values_list(*names), key=repr) if names else found.count()
    return kept


def left_by(market, path, role, form, files):
    """Status, way on and all tables after the form was sent; then all of it is taken back."""
    with undone():
        answer = market.client(role).post(path, {**form, **files()})
        left = answer.status_code, answer.headers.get("Location"), rows()
    with connection.cursor() as cursor:
        # What is taken back leaves the numbers of the rows used up.
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    return left


def files_of(name):
    return lambda: {"image": picture()} if name in PICTURED else {}


@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_does_not_list_changes_nothing(name, market):
    path, role, typed, besides = FORMS[name]
    form = {field: market.path(value) for field, value in typed.items()}
    parts = extras(form.keys() | besides, market)
    assert sum(map(len, parts)) > 60
    before = rows()
    plain = left_by(market, market.path(path), role, form, files_of(name))
    assert plain[0] in {200, 302}, plain[:2]
    for more in parts:
        stuffed = left_by(market, market.path(path), role, {**more, **form}, files_of(name))
        assert stuffed[:2] == plain[:2]
        for table, kept in plain[2].items():
            assert stuffed[2][table] == kept, table
    assert rows() == before


def test_a_form_that_takes_more_is_noticed(market, monkeypatch):
    """The control: a form that lists the status too lets it through."""
    path, role, typed, besides = FORMS["put on sale"]
    form = {field: market.path(value) for field, value in typed.items()}

    class Naive(ListingForm):
        class Meta(ListingForm.Meta):
            fields = [*ListingForm.Meta.fields, "status"]

    monkeypatch.setattr("apps.listings.views.sell.ListingForm", Naive)
    plain, stuffed = (
        left_by(market, path, role, {**extra, **form}, files_of("put on sale"))
        for extra in ({"status": "active"}, {"status": "sold"})
    )
    assert plain != stuffed
