"""A transport behind a port, for as long as a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from conformance.transport import Transport
from conformance.transport.serving import application, bind, in_threads


@contextmanager
def served(transport: Transport) -> Iterator[str]:
    """The address of a transport that is served by a thread."""
    config = uvicorn.Config(application(in_threads(transport)), lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    with bind("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
