import pytest
from django.core.exceptions import ValidationError

from apps.accounts import text


@pytest.mark.parametrize("bad", ["a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\x85b", "\ud800"])
def test_control_characters_are_refused(bad):
    with pytest.raises(ValidationError):
        text.clean(bad)


@pytest.mark.parametrize(
    "nothing", ["", "   ", "\u200b\u200d", "\u2060 \ufeff", "\u3164", "\u202e\u2800", "\ufe0f", "\U000e0020"]
)
def test_what_nobody_can_see_is_nothing(nothing):
    assert text.clean(nothing) == ""


def test_text_is_kept_in_one_form():
    assert text.clean("и\u0306\r\nа\rб") == "й\nа\nб"
    assert text.clean_line(" Анна \t\n Мария ") == "Анна Мария"
