"""Uploads odd pictures to a worker one by one, as a listing's and as an avatar, and measures what it costs."""

import http.client
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from django.conf import settings

from . import gauges
from .odd_pictures import Upload, uploads

CSRF = "c" * 32
MARK = "--odd-picture--"
SLOW = 2  # seconds
LISTING = {"title": "Меч", "description": "Точился честно.", "price": "100"}


@dataclass
class Uploaded:
    statuses: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # 5xx, no answer, or a good picture that was refused
    grown: float = 0  # megabytes that stay
    peak: float = 0  # megabytes at most, above those of the beginning

    @property
    def pictures(self) -> int:
        return len(self.seconds)


def upload_odd_pictures(url: str, pid: int, cookie: str, listing: int, number: int, seed: int, warm: int = 60) -> Uploaded:
    """`number` uploads; memory is compared with that after the first `warm` of them. `listing` is the person's own."""
    uploaded = Uploaded()
    forms = [(f"/listing/{listing}/edit/", "image", LISTING), ("/accounts/profile-edit/", "avatar", {})]
    before = 0.0
    for place, (upload, form) in enumerate(zip(itertools.islice(uploads(seed), number), itertools.cycle(forms), strict=False)):
        if place == warm:
            gauges.forget_peak(pid)
            before = gauges.memory(pid)
        began = time.perf_counter()
        status = _send(url, cookie, form, upload)
        took = time.perf_counter() - began
        uploaded.seconds.append(took)
        uploaded.statuses[status] += 1
        if took > SLOW:
            uploaded.slow.append(f"{took:.1f} s: {upload.what}")
        if status not in {302, 400} or (upload.good and status != 302):
            uploaded.failures.append(f"{status or 'no answer'}: {upload.what} as {form[1]} (upload {place})")
    uploaded.grown, uploaded.peak = gauges.memory(pid) - before, gauges.peak(pid) - before
    return uploaded


def _send(url: str, cookie: str, form: tuple, upload: Upload) -> int:
    path, field_name, fields = form
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    head = f'Content-Disposition: form-data; name="{field_name}"; filename="{quote(upload.name, safe="./ ")}"\r\n'
    parts.append(head.encode() + f"Content-Type: {upload.type}\r\n\r\n".encode() + upload.content + b"\r\n")
    body = b"".join(b"--" + MARK.encode() + b"\r\n" + part for part in parts) + b"--" + MARK.encode() + b"--\r\n"
    headers = {
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": f"multipart/form-data; boundary={MARK}",
    }
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
