"""A tiny HTTP server that answers AWS JSON requests as a function says; for tests of the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = tuple[int, Mapping[str, Any] | bytes]
"""Status, and the members of a JSON body or raw HTML bytes."""

OK_ID = "5ae45b1d-2c2f-11e8-abca-7de3b5a68f01"


def error(code: str, message: str = "because", status: int = 400) -> Answer:
    """An AWS JSON error."""
    return status, {"__type": code, "message": message}


@contextmanager
def serve(answer: Callable[[str, dict[str, Any]], Answer]) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1; ``answer`` takes operation and parameters."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer leaves in one piece, or the client's system delays its receipt

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            status, members = answer(operation, json.loads(body))
            html = isinstance(members, bytes)
            content = members if isinstance(members, bytes) else json.dumps(members).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if html else "application/x-amz-json-1.1")
            self.send_header("x-amzn-RequestId", OK_ID)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
