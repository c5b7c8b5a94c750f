"""A picture on its way from a seller's form to the bucket and into a page."""

import html
import re
from http.client import HTTPConnection
from io import BytesIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from apps.listings import photos
from apps.listings.models import Listing
from apps.listings.tests.pictures import picture
from drills import people
from drills.clients import COOKIE
from drills.pages import TOKEN
from drills.row import Outcome

from .servers import Bucket
from .topology import Topology


def upload(stage: Topology, bucket: Bucket) -> Outcome:
    """One worker signs its addresses, for a private bucket; the other does not, for a public one."""
    seller = people.person()
    game = people.listing(seller.id).game_id
    fields = {"game": game, "title": "Меч стенда", "description": "Точился честно.", "price": "100", "csrfmiddlewaretoken": TOKEN}
    with stage.site(each=[{}, {"AWS_QUERYSTRING_AUTH": "off"}]) as site:
        status, _page = asked(site.url, "/listing/create/", seller.session, {**fields, "image": picture()})
        made = Listing.objects.filter(seller_id=seller.id, title=fields["title"]).first()
        if made is None:
            return Outcome(f"the form was answered {status}", False)
        signed, plain = [address(worker.url, made, seller.session) for worker in site.workers]
    private = [seen(signed), seen(plain)]
    bucket.open_to_all()
    public = seen(plain)
    stored = [key for key in bucket.stored() if key.startswith(made.image)]
    looks = f"signed address {private[0]}, plain one {private[1]}; plain address of a public bucket {public}"
    return Outcome(
        f"{len(stored)} objects; {looks}",
        len(stored) == len(photos.sizes("listings"))
        and ("Signature=" in signed, "?" in plain) == (True, False)
        and (*private, public) == ("WEBP", "403", "WEBP"),
    )


def seen(address: str) -> str:
    """The kind of picture there, or the refusal."""
    try:
        with urlopen(address, timeout=10) as answer:  # noqa: S310 - of our own server
            return Image.open(BytesIO(answer.read())).format
    except HTTPError as refusal:
        return str(refusal.code)


def address(url: str, listing: Listing, session: str) -> str:
    """Where the page of a listing has its picture."""
    _status, page = asked(url, f"/listing/{listing.pk}/", session)
    return html.unescape(re.search(rf'<img src="([^"]*{listing.image}[^"]*)"', page)[1])


def asked(url: str, path: str, session: str, form: dict | None = None) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    headers = {"Cookie": f"csrftoken={TOKEN}; {COOKIE}={session}", "Origin": url}
    if form is None:
        connection.request("GET", path, headers=headers)
    else:
        headers["Content-Type"] = MULTIPART_CONTENT
        connection.request("POST", path, encode_multipart(BOUNDARY, form), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text
