"""LootLink with one page more, which says nothing: `python -m bench.empty asgi|wsgi PORT`. All others are measured by it."""

import os
import sys

import django
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

ADDRESS = "/bench/empty/"


def empty(_request):
    return HttpResponse("")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_line):
        pass


def _wsgi(port: int) -> None:
    server = ThreadedWSGIServer(("127.0.0.1", port), _Quiet, ipv6=False)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    print("listening", os.getpid(), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    django.setup()
    # Only now are there applications to import them.
    from lootlink import serve, urls

    urls.urlpatterns.insert(0, path(ADDRESS.strip("/") + "/", empty))
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "wsgi":
        _wsgi(port)
    else:
        serve.main(["--port", str(port)])
