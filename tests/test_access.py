"""Who may do what: access_matrix.csv, one row a route, method and body, one cell a role, walked cell by cell.

A cell is a status, and for a redirect where to: an address with * for the id of what was made, or `login` for the
login page with the way back. Every cell begins with the same market.
"""

import csv
import re
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest
from django.urls import URLResolver, get_resolver, resolve

from apps.listings.tests.pictures import picture
from tests.market import ROLES, undone

with (Path(__file__).parent / "access_matrix.csv").open(encoding="utf-8", newline="") as file:
    MATRIX = list(csv.DictReader(file))
NOWHERE = {"/nowhere/", "/admin/"}
SECTIONS = defaultdict(list)
for row in MATRIX:
    SECTIONS[re.match(r"/(transactions/\w+|accounts|chat|listing|)", row["path"])[1]].append(row)

by_section = pytest.mark.parametrize("section", sorted(SECTIONS))


def answer(client, method, path, body=""):
    fields = {name: picture() if value == "@picture" else value for name, value in parse_qsl(body, keep_blank_values=True)}
    return getattr(client, method.lower())(path, fields)


def cell(response, path, wanted):
    """The answer in the words of the matrix; `wanted` says how exactly an address is told."""
    if response.status_code != 302:
        return str(response.status_code)
    if response.url == f"/accounts/login/?next={quote(path)}":
        return "302 login"
    return wanted if fnmatchcase(f"302 {response.url}", wanted) else f"302 {response.url}"


@by_section
def test_everybody_gets_what_the_matrix_says(section, market):
    wrong = []
    for row in SECTIONS[section]:
        path = market.path(row["path"])
        for role in ROLES:
            wanted = market.path(row[role])
            with undone():
                got = cell(answer(market.client(role), row["method"], path, market.path(row["body"])), path, wanted)
            if got != wanted:
                wrong.append(f"{row['method']} {row['path']} {row['body']}: {role} got {got}, not {wanted}")
    assert wrong == []


@by_section
def test_head_answers_as_get(section, market):
    pages = [row for row in SECTIONS[section] if row["method"] == "GET"]
    for row in pages:
        with undone():
            head = market.client("buyer").head(market.path(row["path"]))
        assert (row["path"], str(head.status_code)) == (row["path"], row["buyer"].split()[0])
        assert head.content == b""


def test_no_form_is_taken_without_its_token(market):
    """A method that the page doesn't know, and a page that isn't there, are refused before."""
    for row in MATRIX:
        if row["method"] != "POST" or row["seller"] == "405":
            continue
        for role in ("guest", "seller"):
            client = market.client(role, enforce_csrf_checks=True)
            refused = answer(client, "POST", market.path(row["path"]), market.path(row["body"]))
            wanted = 404 if row["path"] in NOWHERE else 403
            assert (row["path"], role, refused.status_code) == (row["path"], role, wanted)


def test_other_methods_are_refused(market):
    client = market.client("seller")
    for path in {row["path"] for row in MATRIX}:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            refused = client.generic(method, market.path(path))
            assert (method, path, refused.status_code) == (method, path, 405)
            assert refused.headers["Allow"]


def test_staff_see_no_more_than_a_stranger():
    outside = [row for row in MATRIX if not row["path"].startswith("/staff/") and row["path"] != "/accounts/profile-edit/"]
    assert len(outside) > 100
    assert [row for row in outside if row["staff"] != row["stranger"]] == []


def test_every_route_is_in_the_matrix(market):
    walked = {resolve(market.path(row["path"]).partition("?")[0]).route for row in MATRIX if row["path"] not in NOWHERE}
    routes = {route for route in all_routes(get_resolver()) if not route.startswith("staff/")}
    assert routes - walked == set()


def all_routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern, route)
        else:
            yield route
