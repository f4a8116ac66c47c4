"""Sends requests one after another; a process of ``whole_suite.py``, which explains it.

Takes the file of requests (see ``sent_requests.py``) and the port to ask from the command line.
Writes to standard output, in JSON, how many there were, and the seconds that they took: by the
wall, and of this process's CPU. Answers are read and forgotten.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HOST = "127.0.0.1"


def replay(port: int, requests: Sequence[bytes]) -> None:
    """Send requests over one connection, and over another where the server closes it."""
    waiting = iter(requests)
    request = next(waiting, None)
    while request is not None:
        with socket.create_connection((HOST, port)) as connection:
            answers = connection.makefile("rb")
            kept = True
            while kept and request is not None:
                connection.sendall(request)
                kept = _is_kept_after_answer(answers)
                request = next(waiting, None)


def _is_kept_after_answer(answers: socket.SocketIO) -> bool:
    """Read an answer; whether the server takes another request over the connection."""
    head = b"".join(iter(answers.readline, b"\r\n")).lower()
    _, given, rest = head.partition(b"content-length:")
    if not given:
        raise RuntimeError(f"no answer of known length: {head!r}")
    answers.read(int(rest.split(b"\r\n", 1)[0]))
    return head.startswith(b"http/1.1") and b"connection: close" not in head


def main() -> None:
    """Replay, and say what it took."""
    path, port = sys.argv[1:]
    texts = json.loads(Path(path).read_text(encoding="utf-8"))
    requests = [text.encode("latin-1") for text in texts]
    wall, cpu = time.perf_counter(), time.process_time()
    replay(int(port), requests)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps({"count": len(requests), **took}))


if __name__ == "__main__":
    main()
