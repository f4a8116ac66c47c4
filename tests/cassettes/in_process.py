"""The command line in this process, for tests that need not start another one."""

from __future__ import annotations

import contextlib
import io
import sys
from unittest.mock import patch

from conformance.cli import main


def run(*arguments: str) -> tuple[int, str, str]:
    """How a command ended: its exit code, and what it wrote to standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["ecr-conformance", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue(), err.getvalue()
    raise AssertionError("the command did not end the process")
