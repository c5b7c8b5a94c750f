"""What nginx does by itself: forged headers, limits, kept lists, files."""

import asyncio
import re

from drills import people
from drills.clients import Trader
from drills.pages import fetch
from drills.row import Outcome, Scale
from drills.stage import Site

from .topology import Topology

FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "X-Request-ID": "forged", "Forwarded": "for=6.6.6.6"}


def edges(stage: Topology, scale: Scale) -> Outcome:
    person = people.person()
    with stage.site() as site:
        said = asyncio.run(_asked(site, person))
        said["a forged address is believed by the workers"] = "6.6.6.6" in site.said() or "address=127.0.0.1" not in site.said()
        logged = site.balancer.logged()
        said["a request without a number"] = any(not re.fullmatch("[0-9a-f]{32}", line["request"]) for line in logged)
        said["a key to an account in the log"] = any("password-reset/1" in line["uri"] for line in logged)
    wrong = [what for what, is_so in said.items() if is_so]
    return Outcome(f"{len(said)} looked at; {'; '.join(wrong) or 'none is wrong'}", not wrong)


async def _asked(site: Site, person: people.Person) -> dict[str, bool]:
    """What would be wrong, and whether it is so."""
    url = site.url
    await fetch(url, "/accounts/login/", form={"username": "nobody", "password": "wrong"}, headers=FORGED)
    await fetch(url, "/accounts/password-reset/1/token/")
    theirs = [await fetch(url, "/", person.session) for _ in range(2)]
    pieces = [await fetch(url, "/", headers={"X-Fragment": "list", "Cookie": f"csrftoken={each * 32}"}) for each in "abcd"]
    large, larger = [await fetch(url, path, form={"content": "x" * 600_000}) for path in ("/accounts/login/", "/listing/create/")]
    script = re.search(r'src="(/static/[^"]+\.js)"', theirs[0].body.decode())[1]
    static = await fetch(url, script, headers={"Accept-Encoding": "gzip"})
    packed = static.headers.get("content-encoding") == "gzip" and "immutable" in static.headers.get("cache-control", "")
    async with Trader(url, person) as tab:
        answer = await tab.ask("watch", users=[], listings=[])
    metrics = await fetch(url, "/metrics")
    return {
        "a page of somebody is kept": any(each.headers.get("x-cache") != "BYPASS" for each in theirs),
        "every guest's list is made anew": all(each.headers.get("x-cache") != "HIT" for each in pieces),
        "a kept list has a token": any(b"csrf" in each.body or "set-cookie" in each.headers for each in pieces),
        "a form may be of any size": large.status != 413,
        "an upload may not be larger than a form": larger.status == 413,
        "a static file is not packed, or not for ever": static.status != 200 or not packed,
        "a tab is not answered": answer["type"] != "ok",
        "the workers' figures are public": metrics.status != 404,
        "a picture that is not there": (await fetch(url, "/media/none.webp")).status != 404,
    }
