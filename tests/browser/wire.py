"""A server that says what the test wants: one page, the real scripts, frames by hand."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

STATIC = Path(__file__).parents[2] / "static"
SITE = "http://localhost:9"  # Web Locks are for secure contexts only
ME = 7

PAGE = """<!doctype html><html lang="ru"><head><title>Объявления</title>
<script type="module" src="/static/js/main.js"></script>
<script type="module" src="/static/js/trader.js"></script></head>
<body data-user="{me}" data-live-head="{head}">
<div data-connection data-state=""><span data-connection-over></span></div>
<span data-unread-total="{unread}">{unread}</span><span data-notifications-unread="1">1</span>
{body}
<div data-toasts></div>
<template data-toast-template><div class="toast"><img data-toast-picture alt=""><a data-toast-link href="/">
<b data-toast-title></b><i data-toast-text></i></a><button data-toast-close>x</button></div></template>
<template data-words><span data-word="just-now">только что</span><span data-word="online">в сети</span>
<span data-word="last-seen">был(а) в сети {{time}}</span><span data-word="connection-out">Вы вышли</span>
<span data-word="picture-size">Больше 8 МБ</span></template>
<template data-copy-button><button type="button"><span class="visually-hidden">Скопировать</span></button></template>
</body></html>"""


class Wire:
    def __init__(self, page, *, head=0, unread=0, body="", greets=True, user=ME):
        self.page = page
        self.head, self.unread, self.body = head, unread, body
        self.greets, self.user = greets, user
        self.sockets = []  # open and closed, oldest first
        self.afters = []
        self.received = []  # frames of the browser but pings
        self.answers = {}  # path → (status, headers, body) or a function of the request
        self.loads = 0
        page.route("**/*", self._answer)
        page.route_web_socket(re.compile("/ws/"), self._connected)

    def open(self):
        self.page.goto(f"{SITE}/")
        return self

    def _answer(self, route):
        path = urlsplit(route.request.url).path
        if path in self.answers:
            answer = self.answers[path]
            status, headers, body = answer(route.request) if callable(answer) else answer
            route.fulfill(status=status, headers=headers, body=body)
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(path=file, content_type="text/javascript") if file.exists() else route.fulfill(status=404)
        elif path == "/":
            self.loads += 1
            text = PAGE.format(me=ME, head=self.head, unread=self.unread, body=self.body)
            route.fulfill(body=text, content_type="text/html; charset=utf-8", headers={"X-Live-Head": str(self.head)})
        else:
            route.fulfill(status=404)

    def _connected(self, socket):
        self.sockets.append(socket)
        self.afters.append(int(parse_qs(urlsplit(socket.url).query)["after"][0]))
        socket.on_message(lambda text: self._received(socket, json.loads(text)))
        if self.greets:
            self.send({"type": "hello", "user": self.user, "head": self.head, "limits": {}, "build": "1"})

    def _received(self, socket, frame):
        if frame["type"] == "ping":
            socket.send(json.dumps({"type": "pong", "head": self.head}))
        else:
            self.received.append(frame)
            if frame["type"] == "watch":
                self.send({"type": "ok", "ref": frame["ref"]})

    def send(self, *frames):
        for frame in frames:
            self.sockets[-1].send(json.dumps(frame))

    def bye(self, code):
        self.send({"type": "bye", "code": code, "why": ""})
        self.sockets[-1].close(code=code)

    def wait(self, condition, seconds=10):
        """Lets the browser go on until the condition holds."""
        for _ in range(int(seconds * 50)):
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("waited in vain")

    def settled(self, connections=1):
        self.wait(lambda: len(self.sockets) >= connections)
        self.wait(lambda: self.page.evaluate("async () => (await import('/static/js/live.js')).state()") == "open")

    def sent(self, kind):
        return [frame for frame in self.received if frame["type"] == kind]


def text(seq, number, *, sender=9, conversation=3, kind="text", content="Привет", ref=None):
    """A `message.new` frame."""
    message = {
        "id": number,
        "conversation": conversation,
        "sender": sender,
        "sender_username": "bob",
        "kind": kind,
        "content": content,
        "ref": ref,
        "is_read": False,
        "created_at": "2026-01-02T10:00:00Z",
    }
    return {"type": "message.new", "seq": seq, "message": message}


def bell(seq, number, *, url="/transactions/5/"):
    notification = {
        "id": number,
        "kind": "request",
        "text": "bob просит купить «Меч»",
        "url": url,
        "is_read": False,
        "created_at": "2026-01-02T10:00:00Z",
    }
    return {"type": "notification.new", "seq": seq, "notification": notification}
