"""Runs ``certify`` and keeps what it sent; a process of ``whole_suite.py``, which explains it.

Takes the file to write and what to certify from the command line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from botocore.awsrequest import AWSPreparedRequest

from conformance.cli import main
from conformance.transport.network import transport
from conformance.transport.network.serialisation import serialise

sent: list[str] = []


def keeping(request: AWSPreparedRequest) -> bytes:
    """The request's bytes, which are kept."""
    payload = serialise(request)
    sent.append(payload.decode("latin-1"))
    return payload


if __name__ == "__main__":
    path, *chosen = sys.argv[1:]
    transport.serialise = keeping  # type: ignore[attr-defined]
    report = str(Path(path).with_name("report"))
    sys.argv[1:] = ["certify", *chosen, "--exit-zero", "--output", report]
    try:
        main()
    finally:
        Path(path).write_text(json.dumps(sent), encoding="utf-8")
