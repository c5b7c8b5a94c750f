"""The page nearest to what an address asks for."""

import pytest

from ..paging import page_of


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (None, 1),
        ("", 1),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("1e9", 1),
        ("٣", 1),
        ("2", 2),
        (" 2 ", 2),
        ("3", 3),
        ("4", 3),
        ("9" * 5000, 3),
    ],
)
def test_odd_values_are_the_nearest_page(asked, shown):
    page = page_of(range(60), asked, 24)
    assert page.number == shown
    assert page[0] == (shown - 1) * 24


def test_a_list_of_nothing_has_one_page():
    assert page_of([], "7", 24).number == 1
