"""The fixture ``ecr_tape``: recorded answers for a test, one cassette each.

It imports nothing heavy until a test asks for it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from conformance.tape import Tape

_FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the fixture."""
    group = parser.getgroup("conformance", "Amazon ECR conformance")
    group.addoption(
        "--ecr-record", default="once", metavar="MODE",
        help="when ecr_tape records: none, once, new_episodes, all or rewrite (%(default)s)",
    )  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for its tape."""
    if call.excinfo is not None:
        item.stash[_FAILED] = True
    return (yield)


@pytest.fixture
def ecr_tape(request: pytest.FixtureRequest) -> Iterator[Tape]:
    """A tape for this test; ``attach`` its clients to it.

    Its cassette is ``cassettes/<module>/<test>.json`` beside the test's file. A test that fails
    leaves the cassette as it was.
    """
    from conformance.tape import use_cassette

    mode: str = request.config.getoption("--ecr-record")
    with suppress(_TestFailed), use_cassette(_cassette_of(request), mode) as tape:
        yield tape
        if request.node.stash.get(_FAILED, False):
            raise _TestFailed


class _TestFailed(Exception):
    """Ends the use of a cassette as an exception in its block does."""


def _cassette_of(request: pytest.FixtureRequest) -> Path:
    file: Path = request.path
    name = ".".join(request.node.nodeid.split("::")[1:])
    return file.parent / "cassettes" / file.stem / f"{quote(name, safe='[]=,+ ')}.json"
