"""Asks a server the same over several connections; a process of ``serving.py``, which explains it.

Takes host, port, connections and how many requests in all from the command line, the bytes of one
from standard input. Writes the seconds that took to standard output; fails at the first answer that
is not HTTP 200. No HTTP library, because the load must take less than the server does.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


async def ask(host: str, port: int, request: bytes, turns: Iterator[int]) -> None:
    """Ask over one connection after the other, each as long as the server keeps it."""
    for _ in turns:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            while await _is_kept_after_answer(reader, writer, request) and next(turns, None):
                pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _is_kept_after_answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bool:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if b" 200 " not in head[:13] or length is None:
        raise SystemExit(f"no answer of known length: {head!r}")
    await reader.readexactly(int(length[1]))
    return head.startswith(b"HTTP/1.1") and b"connection: close" not in head.lower()


async def main() -> None:
    """Ask, and tell how long it took."""
    host, port, connections, count = sys.argv[1:]
    request = sys.stdin.buffer.read()
    turns = iter(range(1, int(count) + 1))  # shared, so that the fast connections do more
    began = time.perf_counter()
    await asyncio.gather(*(ask(host, int(port), request, turns) for _ in range(int(connections))))
    sys.stdout.write(str(time.perf_counter() - began))


if __name__ == "__main__":
    asyncio.run(main())
