"""What nginx does by itself: forged headers, limits, kept lists, files."""

import asyncio
import re
from itertools import chain
from urllib.parse import quote

from apps.listings.models import Listing
from drills import people
from drills.clients import Trader
from drills.pages import fetch
from drills.row import Outcome, Scale
from drills.stage import Site

from .topology import Topology

FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "X-Request-ID": "forged", "Forwarded": "for=6.6.6.6"}

# Cookies that nginx and the workers could read in two ways.
ODD = ["django_language=en; django_language=ru", "DJANGO_LANGUAGE=en", "django_language =en", "a=b;\tsessionid =c"]


def edges(stage: Topology, scale: Scale) -> Outcome:
    person = people.person()
    listing = people.listing(person.id)
    with stage.site() as site:
        said = asyncio.run(_asked(site, person, listing))
        said["a forged address is believed by the workers"] = "6.6.6.6" in site.said() or "address=127.0.0.1" not in site.said()
        logged = site.balancer.logged()
        said["a request without a number"] = any(not re.fullmatch("[0-9a-f]{32}", line["request"]) for line in logged)
        said["a key to an account in the log"] = any("password-reset/1" in line["uri"] for line in logged)
    wrong = [what for what, is_so in said.items() if is_so]
    return Outcome(f"{len(said)} looked at; {'; '.join(wrong) or 'none is wrong'}", not wrong)


async def _asked(site: Site, person: people.Person, listing: Listing) -> dict[str, bool]:
    """What would be wrong, and whether it is so."""
    url = site.url
    await fetch(url, "/accounts/login/", form={"username": "nobody", "password": "wrong"}, headers=FORGED)
    await fetch(url, "/accounts/password-reset/1/token/")
    market = ["/", f"/?search={quote('меч')}", listing.game.get_absolute_url(), listing.get_absolute_url()]
    kept, theirs, english = [], [], []
    for path in market:
        kept.append([await fetch(url, path, headers={"Cookie": f"csrftoken={each * 32}"}) for each in "abcd"])
        theirs += [await fetch(url, path, person.session) for _ in range(2)]
        english.append(await fetch(url, path, headers={"Cookie": "django_language=en"}))
    pieces = [await fetch(url, "/", headers={"X-Fragment": "list", "Cookie": f"csrftoken={each * 32}"}) for each in "abcd"]
    kept.append(pieces)
    odd = [await fetch(url, "/", headers={"Cookie": cookie}) for cookie in ODD]
    large, larger = [await fetch(url, path, form={"content": "x" * 600_000}) for path in ("/accounts/login/", "/listing/create/")]
    script = re.search(r'src="(/static/[^"]+\.js)"', theirs[0].body.decode())[1]
    static = await fetch(url, script, headers={"Accept-Encoding": "gzip"})
    packed = static.headers.get("content-encoding") == "gzip" and "immutable" in static.headers.get("cache-control", "")
    async with Trader(url, person) as tab:
        answer = await tab.ask("watch", users=[], listings=[])
    metrics = await fetch(url, "/metrics")
    return {
        "a page of somebody is kept": any(each.headers.get("x-cache") != "BYPASS" for each in theirs + odd),
        "somebody is shown a guest's page": any(b"data-user" not in each.body for each in theirs),
        "a guest is shown somebody's page": any(b"data-user" in each.body for each in chain(english, *kept)),
        "a guest is shown another language": not all(b'<html lang="en"' in each.body for each in english),
        "every guest's page is made anew": any(all(each.headers.get("x-cache") != "HIT" for each in same) for same in kept),
        "a kept page has a token": any(b"csrfmiddlewaretoken" in each.body for each in chain(*kept)),
        "a kept page sets a cookie": any("set-cookie" in each.headers for each in chain(*kept)),
        "a form may be of any size": large.status != 413,
        "an upload may not be larger than a form": larger.status == 413,
        "a static file is not packed, or not for ever": static.status != 200 or not packed,
        "a tab is not answered": answer["type"] != "ok",
        "the workers' figures are public": metrics.status != 404,
        "a picture that is not there": (await fetch(url, "/media/none.webp")).status != 404,
    }
