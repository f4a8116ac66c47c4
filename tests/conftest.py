"""What all tests share."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

# Who starts the tests in the background has them ignore Ctrl-C, and all that they start. Then what
# it does to a command could not be tested.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the broken implementations be tried all, or others of them."""
    parser.addoption("--faults", default="12", metavar="N", help="faults to try, or 'all'")
    parser.addoption(
        "--lagging", default="1/12", metavar="K/N|all", help="of the suite, beside lag"
    )
    parser.addoption("--faults-seed", type=int, default=0, metavar="N", help="which of them")


@pytest.fixture(scope="session")
def aws_cli() -> Path:
    """The AWS CLI, beside this Python or on the path."""
    folders = [str(Path(sys.executable).parent), *os.get_exec_path()]
    found = shutil.which("aws", path=os.pathsep.join(folders))
    assert found, "the AWS CLI is part of the extra dev: pip install -e '.[dev]'"
    return Path(found)
