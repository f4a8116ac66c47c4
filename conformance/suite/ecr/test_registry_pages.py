"""The listings of what is made in a registry by name, in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import MAX_PAGES
from conformance.suite.topics.listings import FROM_THE_END, GREATEST, MOST_ON_A_PAGE, NEXT_PAGE
from conformance.suite.verdicts import MUST


def _make_rule(registry: Registry, name: str) -> str:
    registry.given(
        "CreatePullThroughCacheRule", ecrRepositoryPrefix=name, upstreamRegistryUrl="public.ecr.aws"
    )
    return name


def _make_template(registry: Registry, name: str) -> str:
    registry.given("CreateRepositoryCreationTemplate", prefix=name, appliedFor=["REPLICATION"])
    return name


def _make_exclusion(registry: Registry, name: str) -> str:
    principal = owner_of(registry, f"-owner{name[-2:]}").arn("iam", f"role/{name}", regional=False)
    registry.given("RegisterPullTimeUpdateExclusion", principalArn=principal)
    return principal


@dataclass(frozen=True, slots=True)
class NamedListing:
    """A listing of things with names.

    ``member`` is the list of an answer, ``name`` the member of each thing that names it; without
    one, the things are texts. ``make`` makes one and gives its name.
    """

    operation: str
    member: str
    name: str
    make: Callable[[Registry, str], str]

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.operation

    def names(self, answer: Mapping[str, Any]) -> list[str]:
        """The names of the things in an answer."""
        listed = answer.get(self.member)
        things = listed if isinstance(listed, list) else []
        return [self._named(each) for each in things]

    def _named(self, thing: Any) -> str:
        found = thing.get(self.name) if self.name and isinstance(thing, dict) else thing
        return str(found).removesuffix("/")


_LISTINGS = (
    NamedListing(
        "DescribePullThroughCacheRules", "pullThroughCacheRules", "ecrRepositoryPrefix", _make_rule
    ),
    NamedListing(
        "DescribeRepositoryCreationTemplates", "repositoryCreationTemplates", "prefix",
        _make_template,
    ),
    NamedListing("ListPullTimeUpdateExclusions", "pullTimeUpdateExclusions", "", _make_exclusion),
)  # fmt: skip


def _pages(registry: Registry, listing: NamedListing, size: int) -> Iterator[list[str]]:
    """The names on each page, as far as tokens lead."""
    more: dict[str, Any] = {}
    for _ in range(MAX_PAGES):
        answer = registry.call(listing.operation, maxResults=size, **more)
        yield listing.names(answer)
        if not answer.get("nextToken"):
            return
        more = {"nextToken": answer["nextToken"]}
    raise AssertionError(f"{listing.operation}: still a nextToken after {MAX_PAGES} pages")


def _confirm(registry: Registry, listing: NamedListing, wanted: list[str]) -> None:
    """Give up, ``Untestable``, unless one great page has what was made."""

    def observe() -> None:
        there = listing.names(registry.given(listing.operation, maxResults=GREATEST))
        assert set(wanted) <= set(there), "what was made is not listed on a page of 1,000"

    registry.settle(listing.operation, observe)


_PAGES = documented(
    "DescribePullThroughCacheRules.maxResults",
    "The remaining results of the initial request can be seen by sending another "
    "DescribePullThroughCacheRulesRequest request with the returned nextToken value.",
)


@pytest.mark.parametrize("listing", _LISTINGS)
@rule(
    "registry.pages-complete",
    level=MUST,
    operations=[each.operation for each in _LISTINGS],
    services=["ecr"],
    evidence=[_PAGES, FROM_THE_END, *NEXT_PAGE, model("MaxResults", "min 1, max 1000")],
)
def test_small_pages_have_everything(registry: Registry, listing: NamedListing) -> None:
    """The pages of a registry's rules, templates or exclusions have each thing once."""
    names = (f"{registry.name_prefix}-{number}" for number in range(3))
    wanted = [listing.make(registry, name) for name in names]
    _confirm(registry, listing, wanted)

    def observe() -> None:
        found = [name for page in _pages(registry, listing, 2) for name in page]
        counts = [found.count(name) for name in wanted]
        assert 0 not in counts, f"{listing.operation}: in pages, {counts.count(0)} of 3 are missing"
        assert set(counts) == {1}, f"{listing.operation}: in pages, some come more than once"

    registry.eventually(observe)


@pytest.mark.parametrize("listing", _LISTINGS)
@rule(
    "registry.pages-size",
    level=MUST,
    operations=[each.operation for each in _LISTINGS],
    services=["ecr"],
    evidence=[
        documented(
            "DescribePullThroughCacheRules.maxResults",
            "When this parameter is used, DescribePullThroughCacheRulesRequest only returns "
            "maxResults results in a single page along with a nextToken response element.",
        ),
        MOST_ON_A_PAGE,
    ],
)
def test_a_page_has_max_results_at_most(registry: Registry, listing: NamedListing) -> None:
    """A page of a registry's rules, templates or exclusions has at most maxResults of them."""
    names = (f"{registry.name_prefix}-{number}" for number in range(2))
    _confirm(registry, listing, [listing.make(registry, name) for name in names])
    size = len(listing.names(registry.call(listing.operation, maxResults=1)))
    assert size <= 1, f"{listing.operation}: with maxResults 1, a page has {size} things"
