"""What can be wrong with the pages of a registry's rules, templates and exclusions."""

from __future__ import annotations

from fault import broken_operation

from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry

_LISTINGS = (
    "DescribePullThroughCacheRules",
    "DescribeRepositoryCreationTemplates",
    "ListPullTimeUpdateExclusions",
)


@broken_operation(*_LISTINGS, condemned_by=["registry.pages-size"])
def a_page_has_room_for_all(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings of a registry do not heed maxResults."""
    rest = {name: value for name, value in given.items() if name != "maxResults"}
    return right(registry, rest, call)


@broken_operation(
    *_LISTINGS,
    condemned_by=[
        "registry.pages-complete",
        "ecr.client.full-result",
    ],
)
def there_is_no_second_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings of a registry give maxResults things and no token to the others."""
    changed, answer = right(registry, given, call)
    answer.pop("nextToken", None)
    return changed, answer


@broken_operation(
    *_LISTINGS,
    condemned_by=[
        "registry.pages-complete",
        "ecr.client.full-result",
    ],
)
def the_second_page_is_the_first(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings of a registry end with their first page once more."""
    rest = {name: value for name, value in given.items() if name != "nextToken"}
    changed, answer = right(registry, rest, call)
    if "nextToken" in given:
        answer.pop("nextToken", None)
    return changed, answer
