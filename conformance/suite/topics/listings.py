"""The operations that list in pages: what to put there, how to turn the pages, what has to hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from conformance.contract import Contract
from conformance.suite.answers import objects, text
from conformance.suite.artifacts import oci_image
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.steps import (
    create_repository,
    most_pages,
    push,
    push_with_layers,
    tags_of,
)

ITEMS = 5
"""How many items a scenario puts into a listing that it reads in small pages."""

LEAST, GREATEST = 1, 1000
"""The bounds of maxResults, "This value can be between 1 and 1000"
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html)."""

DEFAULT_PAGE = 100
"""The most items on a page where maxResults is absent, by the reference of each operation."""

THE_REST = documented(
    "DescribeRepositories.maxResults",
    "The remaining results of the initial request can be seen by sending another "
    "DescribeRepositories request with the returned nextToken value.",
    public="You can see the remaining results of the initial request by sending another "
    "DescribeRepositories request with the returned nextToken value.",
)
MOST_ON_A_PAGE = documented(
    "DescribeRepositories.maxResults",
    # What is listed stands before it, another thing for each operation.
    "returned by DescribeRepositories in paginated output.",
)
FROM_THE_END = documented(
    "DescribeRepositories.nextToken",
    "Pagination continues from the end of the previous results that returned the nextToken value.",
)
NEXT_PAGE = (
    documented(
        "DescribeRepositories.nextToken",
        "When the results of a DescribeRepositories request exceed maxResults, this value can be "
        "used to retrieve the next page of results.",
    ),
    documented(
        "DescribeImages.nextToken",
        "When the results of a DescribeImages request exceed maxResults, this value can be used to "
        "retrieve the next page of results.",
        public="When the results of a DescribeImages request exceed maxResults, you can use this "
        "value to retrieve the next page of results.",
    ),
)

_SPARE_PAGES = 20
"""How many short or empty pages a listing may have; AWS promises neither full nor filled ones."""

_ATTEMPTS = 5
"""How often a listing that others change too is read before it is found wrong."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What a scenario put into a listing: how to ask for it, and the keys of its items."""

    parameters: Mapping[str, Any]
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """An operation that lists in pages.

    ``fill`` puts that many items there; ``key`` is how an item is recognised in an answer. A
    ``shared`` listing also has what others made, and may lose or gain some of it between pages.
    """

    operation: str
    fill: Callable[[Registry, int], Stock]
    key: Callable[[Mapping[str, Any]], str]
    shared: bool = False

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.operation

    def keys(self, contract: Contract, answer: Mapping[str, Any]) -> tuple[str, ...]:
        """The keys of the items of an answer, in its order."""
        (member,) = contract.paginators[self.operation].result_keys
        return tuple(self.key(item) for item in objects(answer, member))


@dataclass(frozen=True, slots=True)
class Page:
    """The keys of one page's items, and its ``nextToken``, ``None`` where it has none."""

    keys: tuple[str, ...]
    token: Any


def fill_repositories(registry: Registry, count: int) -> Stock:
    """Make repositories."""
    names = (create_repository(registry, f"/item-{number}") for number in range(count))
    return Stock({}, frozenset(names))


def fill_images(registry: Registry, count: int) -> Stock:
    """Push images into a new repository, each under a tag of its own."""
    return push_alike(registry, *(f"item-{number}" for number in range(count)))


def push_alike(registry: Registry, *tags: str | None) -> Stock:
    """Push an image for each tag, and for each ``None`` an untagged one, into a new repository.

    The images differ in an annotation and share their layers, so that many cost few uploads.
    """
    repository = create_repository(registry)
    wanted = set()
    for number, tag in enumerate(tags):
        manifest = oci_image(registry.content_seed, {"number": str(number)})
        if number == 0:
            push_with_layers(registry, repository, manifest, *([tag] if tag else []))
        else:
            push(registry, repository, manifest, tag)
        wanted.add(tag or manifest.digest)
    return Stock({"repositoryName": repository}, frozenset(wanted))


def _name(item: Mapping[str, Any]) -> str:
    return text(item, "repositoryName") or "no name"


def _tags_or_digest(item: Mapping[str, Any]) -> str:
    tags = ", ".join(sorted(tag for tag in tags_of(item) if tag is not None))
    return tags or text(item, "imageDigest") or "no digest"


def _tag_or_digest(item: Mapping[str, Any]) -> str:
    return text(item, "imageTag") or text(item, "imageDigest") or "no digest"


DESCRIBE_REPOSITORIES = Listing("DescribeRepositories", fill_repositories, _name, shared=True)
DESCRIBE_IMAGES = Listing("DescribeImages", fill_images, _tags_or_digest)
LIST_IMAGES = Listing("ListImages", fill_images, _tag_or_digest)
DESCRIBE_IMAGE_TAGS = Listing("DescribeImageTags", fill_images, _tag_or_digest)

LISTINGS = (DESCRIBE_REPOSITORIES, DESCRIBE_IMAGES, LIST_IMAGES, DESCRIBE_IMAGE_TAGS)
"""Every operation that pages and can be filled with enough for the laws of listings."""

PAGINATED = tuple(listing.operation for listing in LISTINGS)


def turn(
    registry: Registry,
    listing: Listing,
    parameters: Mapping[str, Any],
    limit: int,
    ask: Callable[..., dict[str, Any]],
) -> Iterator[Page]:
    """The pages of a listing, as far as tokens lead, but not more than ``limit``.

    ``ask`` is how to call: ``registry.call`` where the listing is judged, else ``registry.given``.
    """
    asked = dict(parameters)
    for _ in range(limit):
        answer = ask(listing.operation, **asked)
        page = Page(listing.keys(registry.contract, answer), answer.get("nextToken"))
        yield page
        if not page.token:
            return
        asked["nextToken"] = page.token


def count_there(registry: Registry, listing: Listing, stock: Stock) -> int:
    """How many items the listing has, once all of ``stock`` is among them; else ``Untestable``."""

    def observe() -> int:
        found: set[str] = set()
        limit = most_pages(listing.operation)
        for page in turn(registry, listing, stock.parameters, limit, registry.given):
            if page.keys and found.issuperset(page.keys):
                break  # a listing that begins again: some other rule's business
            found.update(page.keys)
        missing = stock.wanted - found
        assert not missing, f"without maxResults, {len(missing)} of what was made are not listed"
        return len(found)

    return registry.settle(listing.operation, observe)


def page_size(there: int) -> int:
    """A maxResults that gives a listing of so many items a few pages."""
    return min(-(-there // 3), GREATEST)


def page_limit(there: int, size: int) -> int:
    """More pages than a listing of so many items has."""
    return there // size + _SPARE_PAGES


def holds_throughout(registry: Registry, listing: Listing, law: Callable[[], None]) -> None:
    """Hold a law over a listing, more than once where others may change it between two pages."""
    for _ in range(_ATTEMPTS - 1 if listing.shared else 0):
        with suppress(AssertionError, Untestable):
            return law()
    return registry.eventually(law)


def every_item_once(listing: Listing, pages: Sequence[Page], wanted: Collection[str]) -> None:
    """Require that the pages have each wanted item once, and no other unless others make some."""
    seen = Counter(key for page in pages for key in page.keys)
    missing = [key for key in wanted if not seen[key]]
    repeated = [key for key in wanted if seen[key] > 1]
    strange = [] if listing.shared else sorted(set(seen) - set(wanted))
    over = f"{listing.operation}: in {len(pages)} page{'s' if len(pages) > 1 else ''}, "
    assert not missing, f"{over}{len(missing)} of {len(wanted)} items are missing"
    assert not repeated, f"{over}{len(repeated)} of {len(wanted)} items come more than once"
    assert not strange, f"{over}there is {strange[0]}, which does not belong there"


def require_second_page(listing: Listing, pages: Sequence[Page]) -> None:
    """``Untestable`` where the first page is the last, so that there is no next to be judged.

    Why it is, other rules say: the page is too large, or what is missing on it.
    """
    if len(pages) == 1:
        raise Untestable(listing.operation, "with a small maxResults there is no second page")
