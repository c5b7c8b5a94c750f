import pytest
from django.core.exceptions import ValidationError

from apps.accounts import names

TWINS = [
    ("Admin1", "admin1"),
    ("cosmo", "соѕмо"),
    ("Пётр", "ПЕТР"),
    ("HAXOP", "нахор"),
    ("STRASSE", "straße"),
    ("mop", "мор"),
    ("jokester", "jokeѕter"),
    ("kot", "кот"),
    ("idea", "ıdea"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_have_one_key(one, other):
    assert names.key(one) == names.key(other)


def test_different_names_have_different_keys():
    assert len({names.key(name) for name in ("alice", "alice_", "alice1", "Алиса", "bob")}) == 5


@pytest.mark.parametrize("name", ["bob", "Артём", "night-wolf.99", "a" * 30, "José", "___", "123"])
def test_good_names(name):
    names.validate(name)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 31,
        "two words",
        "аdmin",
        "Bobи",
        "a\u200bbc",
        "a\x00bc",
        "ａｌｉｃｅ",
        "ɑlice",
        "bob@x",
        "bob/",
        "ﬃﬃﬃ",
        "⑧⑧⑧",
        "bob\n",
        "",
    ],
)
def test_bad_names(name):
    with pytest.raises(ValidationError):
        names.validate(name)


@pytest.mark.parametrize("name", ["admin", "ADMIN", "LootLink", "support", "Админ", "root_", "ad.min", "модератор"])
def test_reserved_names(name):
    with pytest.raises(ValidationError) as refused:
        names.validate(name)
    assert refused.value.code == "reserved"
