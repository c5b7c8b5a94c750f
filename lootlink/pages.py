"""Pages under ASGI: a whole request is one visit to one of a fixed number of threads.

Django's own handler makes a thread for every request and goes there again at each middleware.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.urls import set_script_prefix
from django.utils import translation

# What asks the database nothing has a thread of its own: it is answered also while all others wait for one.
ASIDE = {"/health/live/", "/metrics"}


class Pages(ASGIHandler):
    def __init__(self):
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(settings.PAGE_THREADS, thread_name_prefix="page")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")

    async def __call__(self, scope, receive, send):
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        threads = self._threads
        if scope["path"] in ASIDE:
            threads = self._aside
            # Without a cookie nobody is asked who sends it.
            scope = scope | {"headers": [header for header in scope["headers"] if header[0] != b"cookie"]}
        until = time.monotonic() + settings.PAGE_PATIENCE
        answer = await asyncio.get_running_loop().run_in_executor(threads, self._answer, scope, body, until)
        for message in answer:
            await send(message)

    def _answer(self, scope, body, until: float) -> list[dict]:
        """All of a request, from its signal to the end of its response, which gives the thread's connection back."""
        set_script_prefix(get_script_prefix(scope))
        # Else what answers before anybody asks for the language speaks that of the thread's last visitor.
        translation.activate(settings.LANGUAGE_CODE)
        signals.request_started.send(sender=type(self), scope=scope)
        request, response = self.create_request(scope, body)
        try:
            if request is None:
                body.close()
            else:
                request.until = until
                response = self.get_response(request)
            return _messages(response)
        finally:
            if response is None:
                signals.request_finished.send(sender=type(self))
            else:
                response._handler_class = type(self)
                response.close()


def _messages(response) -> list[dict]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    headers += [(b"Set-Cookie", cookie.OutputString().encode("ascii")) for cookie in response.cookies.values()]
    # What Django streams are files, and small here; the server keeps what is not sent yet either way.
    body = b"".join(response) if response.streaming else response.content
    return [
        {"type": "http.response.start", "status": response.status_code, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]
