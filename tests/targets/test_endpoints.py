"""Servers that already run: what is learned of them, and what is said when they do not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server
from threading import Thread

import pytest

from conformance.errors import ExitCode, TargetUnavailable, UsageError
from conformance.targets import open_target, product


@contextmanager
def serving(pages: Mapping[str, bytes], status: int = 200) -> Iterator[str]:
    """The address of a server that has these pages, and closes without an answer elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            if page is not None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Keep the terminal quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


LOCALSTACK = json.dumps({"services": {}, "edition": "community", "version": "4.1.0"}).encode()


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ({"/_localstack/health": LOCALSTACK}, ("localstack", "4.1.0")),
        ({"/_ministack/health": LOCALSTACK, "/_localstack/health": b""}, ("ministack", "4.1.0")),
        ({"/moto-api/": b"<title>Moto</title>"}, ("moto", None)),
        ({"/moto-api/": b"<title>Motto</title>"}, ("unknown", None)),
        ({}, ("unknown", None)),
        ({"/_localstack/health": b'{"services": {}, "version": 4}'}, ("unknown", None)),
        ({"/_localstack/health": b'{"version": "4"}'}, ("unknown", None)),
        ({"/_localstack/health": b"[]"}, ("unknown", None)),
        ({"/_localstack/health": b"<html>"}, ("unknown", None)),
    ],
)
def test_a_product_is_known_by_what_it_says(
    pages: dict[str, bytes], expected: tuple[str, str | None]
) -> None:
    """Only a page that says which product it is counts; failures of later probes are harmless."""
    with serving({"/_ministack/health": b"", **pages}) as url, open_target(url) as target:
        assert (target.product, target.version) == expected


def test_an_error_page_says_nothing_of_the_product() -> None:
    """A page is believed only with status 200."""
    pages = dict.fromkeys(["/_ministack/health", "/_localstack/health"], LOCALSTACK)
    with serving(pages, status=500) as url, open_target(url, region="x") as target:
        assert (target.product, target.version, target.region) == ("unknown", None, "x")


def test_a_silent_probe_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes connections and says nothing is unavailable."""
    monkeypatch.setattr(product, "_FIRST_SECONDS", 0.2)
    with create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TargetUnavailable) as raised, open_target(url):
            pass
    assert raised.value.message == f"{url} did not answer GET /_ministack/health within 0.2 s"
    assert raised.value.exit_code == ExitCode.UNREACHABLE


def test_a_server_that_is_not_there_is_unavailable() -> None:
    """Where nothing listens, the target is unavailable, in one sentence with a next step."""
    with create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(TargetUnavailable) as raised, open_target(url):
        pass
    assert raised.value.message == f"nothing listens at {url} (connection refused)"
    assert raised.value.hint


def test_a_server_without_http_is_unavailable() -> None:
    """A server that closes without an answer to the first probe is unavailable."""
    with serving({}) as url, pytest.raises(TargetUnavailable), open_target(url):
        pass


@pytest.mark.parametrize("url", ["http://", "http://host/path", "ftp://host", "https://host?x"])
def test_a_bad_url_is_wrong_usage(url: str) -> None:
    """A URL that is not just a server's address is refused before anything is sent."""
    with pytest.raises(UsageError), open_target(url):
        pass
