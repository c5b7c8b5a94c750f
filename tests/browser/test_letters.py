"""The links of letters in a browser: it says where a form was sent from only as far as the page lets it."""

import pytest
from django.contrib.auth.tokens import default_token_generator

from apps.accounts import letters

pytestmark = pytest.mark.browser


def sent(page):
    """What the form of the page is answered, and whether the browser told where it stood."""
    with page.expect_request(lambda request: request.method == "POST") as asked, page.expect_navigation() as answer:
        page.click("main button[type=submit]")
    return answer.value.status, asked.value.all_headers().get("referer", "")


def test_a_new_password_and_an_address_are_taken_from_the_pages_of_their_links(visit, alice):
    page = visit(None, f"/accounts/password-reset/{alice.pk}/{default_token_generator.make_token(alice)}/")
    for name in ("new_password1", "new_password2"):
        page.fill(f"[name={name}]", "another-horse-10")
    status, referrer = sent(page)
    assert status == 200
    assert "password-reset" not in referrer
    alice.refresh_from_db()
    assert alice.check_password("another-horse-10")
    type(alice).objects.update(email_confirmed_at=None)
    page.goto(
        page.url.partition("/accounts")[0] + "/accounts/" + letters.confirmation(alice).body.partition("/accounts/")[2].split()[0]
    )
    assert sent(page)[0] == 200
    alice.refresh_from_db()
    assert alice.email_confirmed_at
