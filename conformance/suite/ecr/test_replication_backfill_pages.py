"""The listing of a registry's replication backfills, in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.evidence import documented, model
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import MAX_PAGES
from conformance.suite.topics.backfills import (
    LIST,
    MOST,
    STOP,
    Destination,
    begin,
    configure,
    configured,
    destinations,
    finish,
)
from conformance.suite.topics.listings import FROM_THE_END, MOST_ON_A_PAGE, NEXT_PAGE
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import MUST

pytestmark = pytest.mark.usefixtures("backfills")

_DEFAULT_PAGE, _GREATEST_PAGE = 25, 50

_LISTS = documented(
    LIST,
    "Lists the replication backfills for a registry, including their status and progress.",
)
_PAGES = documented(
    f"{LIST}.maxResults",
    "When this parameter is used, ListReplicationBackfills only returns maxResults results in a "
    "single page along with a nextToken response element.",
)
_REST = documented(
    f"{LIST}.maxResults",
    "The remaining results of the initial request can be seen by sending another "
    "ListReplicationBackfills request with the returned nextToken value.",
)
_RETAINED = documented(
    LIST,
    "Replication backfills that have reached a terminal status are retained for 90 days after "
    "they end, after which they are no longer returned.",
)

Ask = Callable[..., dict[str, Any]]
Backfill = dict[str, Any]


def _pages(ask: Ask, size: int) -> Iterator[list[Backfill]]:
    """The backfills on each page, as far as tokens lead."""
    more: dict[str, Any] = {}
    for _ in range(MAX_PAGES):
        answer = ask(LIST, maxResults=size, **more)
        yield objects(answer, "backfills")
        if not answer.get("nextToken"):
            return
        more = {"nextToken": answer["nextToken"]}
    raise AssertionError(f"{LIST}: still a nextToken after {MAX_PAGES} pages")


def _id(backfill: Backfill) -> str:
    return text(backfill, "replicationBackfillId") or "no id"


def _all(ask: Ask) -> list[Backfill]:
    return [each for page in _pages(ask, _GREATEST_PAGE) for each in page]


def _some(registry: Registry, count: int) -> list[str]:
    """Start some backfills, each to a Region of its own; gives their ids."""
    wanted = destinations(owner_of(registry))[:count]
    configure(registry, *wanted)
    begun = [begin(registry, each) for each in wanted]
    _confirm(registry, begun)
    return begun


def _confirm(registry: Registry, begun: list[str]) -> None:
    """Give up, ``Untestable``, unless greatest pages have what was started."""

    def observe() -> None:
        there = {_id(each) for each in _all(registry.given)}
        assert there.issuperset(begun), "what was started is not listed"

    registry.settle(LIST, observe)


@rule(
    "registry.backfill-listed",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[
        _LISTS,
        documented(
            "ReplicationBackfillSummary.destination",
            "The destination Region and registry to which the images are replicated.",
        ),
    ],
)
def test_a_backfill_is_listed(registry: Registry) -> None:
    """ListReplicationBackfills has a backfill that was started, once, with its destination."""
    wanted = configured(registry)
    backfill = begin(registry, wanted)
    registry.eventually(lambda: _require_listed(registry, backfill, wanted))


@rule(
    "registry.backfill-listed-after-its-end",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[_LISTS, _RETAINED],
)
def test_an_ended_backfill_is_listed(registry: Registry) -> None:
    """ListReplicationBackfills still has a backfill that has just ended."""
    wanted = configured(registry)
    backfill = begin(registry, wanted)
    finish(registry, backfill)
    registry.eventually(lambda: _require_listed(registry, backfill, wanted))


def _require_listed(registry: Registry, backfill: str, wanted: Destination) -> None:
    found = [each for each in _all(registry.call) if _id(each) == backfill]
    assert len(found) == 1, f"{LIST}: a backfill that was started is listed {len(found)} times"
    to = structure(found[0], "destination")
    assert to == wanted, f"{LIST}: expected the destination {wanted}, got {to}"


@rule(
    "registry.backfill-pages-complete",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[_REST, FROM_THE_END, *NEXT_PAGE, model("FiftyMaxResults", "min 1, max 50")],
)
def test_small_pages_have_every_backfill(registry: Registry) -> None:
    """The pages of a registry's backfills have each of them once."""
    begun = _some(registry, 3)
    # As small as a hundred pages allow: what is lost where one page meets the next is then one of
    # these three, however many others there are.
    size = min(_GREATEST_PAGE, 1 + len(_all(registry.given)) // 100)

    def observe() -> None:
        found = [_id(each) for page in _pages(registry.call, size) for each in page]
        counts = [found.count(each) for each in begun]
        assert 0 not in counts, f"{LIST}: in pages, {counts.count(0)} of 3 are missing"
        assert set(counts) == {1}, f"{LIST}: in pages, some come more than once"

    registry.eventually(observe)


@rule(
    "registry.backfill-pages-size",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[_PAGES, MOST_ON_A_PAGE],
)
def test_a_page_has_so_many_backfills_at_most(registry: Registry) -> None:
    """A page of a registry's backfills has at most maxResults of them."""
    _some(registry, 2)
    size = len(objects(registry.call(LIST, maxResults=1), "backfills"))
    assert size <= 1, f"{LIST}: with maxResults 1, a page has {size} backfills"


@rule(
    "registry.backfill-pages-default",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[
        documented(
            f"{LIST}.maxResults",
            "If this parameter is not used, then ListReplicationBackfills returns up to 25 results "
            "and a nextToken value, if applicable.",
        )
    ],
)
def test_a_page_has_25_backfills_at_most(registry: Registry) -> None:
    """Without maxResults, a page of a registry's backfills has at most 25 of them."""
    _fill(registry, _DEFAULT_PAGE + 1)
    answer = registry.call(LIST)
    size = len(objects(answer, "backfills"))
    assert size <= _DEFAULT_PAGE, f"{LIST}: without maxResults, a page has {size} backfills"
    assert answer.get("nextToken"), f"{LIST}: without maxResults, there is no nextToken to the rest"


def _fill(registry: Registry, count: int) -> None:
    """Start and stop backfills until so many are listed, those that were there included."""
    missing = count - len(_all(registry.given))
    wanted = destinations(owner_of(registry))[:MOST]
    configure(registry, *wanted)
    begun = []
    for number in range(missing):
        begun.append(begin(registry, wanted[number % MOST]))
        registry.given(STOP, replicationBackfillId=begun[-1])
    _confirm(registry, begun)


@pytest.mark.parametrize("size", [0, 51])
@rule(
    "registry.backfill-pages-bounds",
    level=MUST,
    operations=[LIST],
    services=["ecr"],
    evidence=[
        model("FiftyMaxResults", "min 1, max 50"),
        documented(f"{LIST}.maxResults", "This value can be between 1 and 50."),
    ],
)
def test_a_page_of_backfills_has_bounds(registry: Registry, size: int) -> None:
    """A page of none or more than 50 backfills is refused as invalid."""
    registry.given(LIST, maxResults=50 if size else 1)
    registry.refused(LIST, MALFORMED | invalid_codes(registry, LIST), maxResults=size)
