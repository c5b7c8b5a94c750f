"""The handler of pages: threads, patience, and what it leaves behind."""

import asyncio
import threading

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import connections
from django.http import HttpResponse

from lootlink import measures
from lootlink.pages import Pages


def scope(path, method="GET", **more):
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [(b"host", b"127.0.0.1")], **more}


async def ask(pages, path, method="GET", body=b"", **more):
    asked = ApplicationCommunicator(pages, scope(path, method, **more))
    await asked.send_input({"type": "http.request", "body": body[:10], "more_body": True})
    await asked.send_input({"type": "http.request", "body": body[10:]})
    start = await asked.receive_output(10)
    return start["status"], dict(start["headers"]), (await asked.receive_output(10))["body"]


@pytest.fixture
def pages(transactional_db):
    made = Pages()
    yield made
    made._threads.shutdown()


async def test_a_page(pages):
    status, headers, body = await ask(pages, "/")
    assert (status, headers[b"Content-Type"]) == (200, b"text/html; charset=utf-8")
    assert int(headers[b"Content-Length"]) == len(body)
    assert "LootLink" in body.decode()


async def test_a_page_that_is_not_there_is_drawn_in_the_same_thread(pages):
    status, _headers, body = await ask(pages, "/nowhere/")
    assert status == 404
    assert "</html>" in body.decode()


async def test_a_form_arrives_whole_and_cookies_come_back(pages):
    status, headers, _body = await ask(pages, "/accounts/login/")
    assert status == 200
    assert headers[b"Set-Cookie"].startswith(b"csrftoken=")
    assert (await ask(pages, "/accounts/login/", "POST", b"username=alice&password=wrong"))[0] == 403


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 403), ("PUT", 405)])
async def test_health_is_answered_at_once_to_who_has_a_session_too(pages, method, status):
    asked = scope("/health/live/", method)
    asked["headers"].append((b"cookie", b"sessionid=abcdefghijklmnopqrstuvwxyz012345"))
    communicator = ApplicationCommunicator(pages, asked)
    await communicator.send_input({"type": "http.request", "body": b""})
    assert (await communicator.receive_output(10))["status"] == status


@pytest.mark.parametrize("path", ["/", "/nowhere/"])
async def test_the_connection_goes_back_with_the_answer(pages, path):
    await ask(pages, path)
    left = await asyncio.get_running_loop().run_in_executor(
        pages._threads, lambda: [each.connection for each in connections.all(initialized_only=True)]
    )
    assert left in ([], [None])


async def test_an_address_that_is_no_text_is_400(pages):
    asked = ApplicationCommunicator(pages, scope("/", query_string=b"\xff"))
    await asked.send_input({"type": "http.request"})
    assert (await asked.receive_output(10))["status"] == 400


async def test_whoever_leaves_before_the_body_gets_nothing(pages):
    asked = ApplicationCommunicator(pages, scope("/", "POST"))
    await asked.send_input({"type": "http.disconnect"})
    await asked.wait(5)
    assert await asked.receive_nothing()


async def test_busy_threads_cost_late_requests_a_503_and_the_liveness_nothing(pages, settings, monkeypatch):
    free, entered, chain = threading.Event(), threading.Semaphore(0), pages._middleware_chain

    def slow(request):
        if free.is_set() or request.path != "/":
            return chain(request)
        entered.release()
        free.wait(10)
        return HttpResponse("slow")

    monkeypatch.setattr(pages, "_middleware_chain", slow)
    settings.PAGE_PATIENCE = 0.5
    busy = [asyncio.create_task(ask(pages, "/")) for _thread in range(settings.PAGE_THREADS)]
    for _thread in busy:
        await asyncio.to_thread(entered.acquire, timeout=10)
    late = asyncio.create_task(ask(pages, "/"))
    await asyncio.sleep(0.6)
    assert (await ask(pages, "/health/live/"))[0] == 200
    free.set()
    assert {(await task)[0] for task in busy} == {200}
    status, headers, _body = await late
    assert (status, headers[b"Retry-After"]) == (503, b"3")


async def test_who_is_late_is_answered_with_all_headers_and_counted(pages, settings):
    whole = (await ask(pages, "/"))[1]
    settings.PAGE_PATIENCE = -1
    before = measures.requests["none", "GET", "503"]
    status, headers, _body = await ask(pages, "/")
    assert (status, headers[b"Retry-After"]) == (503, b"3")
    for name in (b"Content-Security-Policy", b"X-Content-Type-Options", b"X-Frame-Options", b"Permissions-Policy"):
        assert headers[name] == whole[name], name
    assert len(headers[b"X-Request-ID"]) == 32
    assert measures.requests["none", "GET", "503"] == before + 1


async def test_who_is_late_reads_no_language_of_another(pages, settings):
    english = [(b"host", b"127.0.0.1"), (b"cookie", b"django_language=en")]
    assert b'lang="en"' in (await ask(pages, "/", headers=english))[2]
    settings.PAGE_PATIENCE = -1
    assert b'lang="ru"' in (await ask(pages, "/"))[2]
