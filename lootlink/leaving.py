"""The page between the site and an address that somebody wrote: where it leads, and what to beware of."""

import re
import unicodedata
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

_signer = Signer(salt="leave")
# What a browser takes out of a name before it asks for it.
_PASSED_OVER = re.compile("[\u00ad\u034f\u180b-\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_LABEL = r"(?!xn--(?:\.|$))[a-z0-9_-]+"
_HOST = re.compile(rf"\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?")
# Letters by their category, and nothing to the eye.
_BLANK = re.compile("[\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
# Money ahead and another messenger are how most frauds among traders begin.
_RISKY = re.compile(
    r"предоплат|оплат|перевед|перевод|платеж|платёж|задаток|на карту|номер\w* карты|банковск|кошел[её]к|крипт|сбер|т-банк"
    r"|тинькофф|qiwi|киви\b|юмани|yoomoney|webmoney|paypal|\busdt\b|bitcoin|биткоин|prepay|\bpay(?:ment)?s?\b|\bcheckout|\bwallet"
    r"|telegram|телеграм|\bтелег[аеуи]\b|\bt\.me\b|whats ?app|в[ао]тсап|\bwa\.me\b|viber|вайбер|discord|дискорд|skype|скайп"
    r"|\bvk\.(?:com|me)\b|вконтакте|\bsignal\b|messenger|мессенджер",
    re.IGNORECASE,
)


class Target(NamedTuple):
    """`name` as it reads, `host` as the browser asks for it: `xn--…` where the name has letters beyond ASCII."""

    address: str
    name: str
    host: str


def way(address: str) -> str:
    """Where a link to `address` leads at first. Signed: the page vouches for nothing that nobody wrote here."""
    return f"{reverse('leave')}?{urlencode({'to': _signer.sign(address)})}"


@require_safe
def leave(request):
    try:
        address = _signer.unsign(request.GET.get("to", ""))
    except BadSignature as forged:
        raise Http404 from forged
    return page(request, address, address, reverse("listings:home"))


def page(request, address: str, said: str, back: str):
    """The page for an address that stands in what was `said`; straight on where it is our own."""
    target = read(address)
    if target is None:
        raise Http404
    if _site(target.address) in {_site(origin) for origin in (settings.SITE_URL, *settings.ALLOWED_ORIGINS)}:
        return redirect(target.address)
    return render(request, "leave.html", {"target": target, "risky": bool(_RISKY.search(said)), "back": back})


def read(address: str) -> Target | None:
    """None where no browser would find a site in it."""
    try:
        parts = urlsplit(address)
        host, port = _PASSED_OVER.sub("", unquote(parts.hostname or "")), parts.port
    except ValueError:
        return None
    labels = unicodedata.normalize("NFKC", host).lower().replace("。", ".").split(".")
    ascii_host = ".".join(_ascii(label) for label in labels)
    if ":" in ascii_host:
        if not _is_ipv6(ascii_host):
            return None
        ascii_host = f"[{ascii_host}]"
    if not _HOST.fullmatch(ascii_host):
        return None
    asked = urlunsplit((parts.scheme, ascii_host + (f":{port}" if port is not None else ""), *parts[2:]))
    return Target(asked, ".".join(_readable(label) for label in ascii_host.split(".")), ascii_host)


def _site(address: str) -> tuple:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def _is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def _readable(label: str) -> str:
    """The letters behind `xn--`, where they are what a browser would have made it from."""
    try:
        name = label.removeprefix("xn--").encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label
    return name if _ascii(name) == label and _is_plain(name) else label


def _is_plain(name: str) -> bool:
    """Every character is seen for what it is: punycode holds anything, down to what turns the line round or is no text."""
    kinds = {unicodedata.category(character) for character in name if character not in "-_"}
    if _PASSED_OVER.search(name) or _BLANK.search(name):
        return False
    return all(kind[0] in "LM" or kind == "Nd" for kind in kinds) and unicodedata.normalize("NFKC", name).lower() == name
