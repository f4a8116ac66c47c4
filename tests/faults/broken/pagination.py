"""What can be wrong with listings in pages."""

from __future__ import annotations

from typing import Any

from fault import broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry

LISTINGS = ("DescribeRepositories", "DescribeImages", "ListImages", "DescribeImageTags")
_ALL = 1000
_ITEMS = ("repositories", "imageDetails", "imageIds", "imageTagDetails")


@broken_operation(
    *LISTINGS,
    condemned_by=[
        "pagination.page-size",
        "pagination.default",
        "pagination.made-up-token-refused",
    ],
)
def there_are_no_pages(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings have everything on one page, and tokens are not looked at."""
    return right(registry, _unpaged(given) | _wide(given), call)


@broken_operation(
    *LISTINGS,
    condemned_by=[
        "client.paginator",
        "client.search",
        "client.resume",
        "client.resume-within-page",
        "pagination.complete",
        "pagination.filter",
    ],
)
def what_does_not_fit_is_cut_off(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings with maxResults end after the first page, without a token."""
    changed, answer = right(registry, given, call)
    if "maxResults" in given and "nextToken" not in given:
        answer.pop("nextToken", None)
    return changed, answer


@broken_operation(
    *LISTINGS,
    condemned_by=[
        "client.paginator",
        "client.search",
        "client.resume",
        "client.resume-within-page",
        "pagination.complete",
        "pagination.other-size-on-the-way",
        "pagination.filter",
    ],
)
def a_page_begins_with_the_last_item_of_the_page_before(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A page repeats an item of the first page."""
    changed, answer = right(registry, given, call)
    if "nextToken" in given and "maxResults" in given:
        _, first = right(registry, _unpaged(given) | {"maxResults": 1}, call)
        member = _member(answer)
        answer[member] = [*first[member], *answer[member]][: given["maxResults"]]
    return changed, answer


@broken_operation(*LISTINGS, condemned_by=["pagination.ends"])
def the_last_page_has_a_token(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The last of several pages has an empty nextToken."""
    changed, answer = right(registry, given, call)
    if "nextToken" in given and "nextToken" not in answer:
        answer["nextToken"] = ""
    return changed, answer


@broken_operation(*LISTINGS, condemned_by=["pagination.page-size"])
def a_page_has_one_item_more(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A page has one item more than maxResults."""
    if "maxResults" not in given or given["maxResults"] == 1:
        return right(registry, given, call)
    return right(registry, {**given, "maxResults": given["maxResults"] + 1}, call)


@broken_operation(
    *LISTINGS,
    condemned_by=[
        "pagination.bounds-accepted",
        "pagination.other-size-on-the-way",
        "ecr-public.validation.describe-image-tags.valid",
        "validation.describe-images.valid",
        "validation.describe-repositories.valid",
        "ecr.validation.list-images.valid",
        "repositories.of-other-account-unlisted",
    ],
)
def a_thousand_are_too_many(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A maxResults above 100 is refused."""
    if given.get("maxResults", 1) > 100:
        raise Refusal("InvalidParameterException", "maxResults is at most 100")
    return right(registry, given, call)


@lenient(
    condemned_by=[
        "pagination.beyond-bounds-refused",
        "pagination.other-bounds",
        "registry.backfill-pages-bounds",
        "registry.backfill-results-bounds",
        "ecr.validation.describe-image-scan-findings.max",
        "ecr-public.validation.describe-image-tags.max",
        "validation.describe-images.max",
        "ecr.validation.describe-pull-through-cache-rules.max",
        "ecr-public.validation.describe-registries.max",
        "ecr.validation.describe-replication-backfill-results.max",
        "validation.describe-repositories.max",
        "ecr.validation.describe-repository-creation-templates.max",
        "ecr.validation.get-lifecycle-policy-preview.max",
        "ecr.validation.list-image-referrers.max",
        "ecr.validation.list-images.max",
        "ecr.validation.list-pull-time-update-exclusions.max",
        "ecr.validation.list-replication-backfills.max",
    ]
)
def any_maximum_is_accepted(operation: str, breach: Breach) -> bool:
    """A maxResults of more than 1,000 is accepted."""
    return breach.path[-1:] == ("maxResults",) and breach.keyword == "maximum"


@broken_operation(*LISTINGS, condemned_by=["pagination.default"])
def a_page_has_everything_by_default(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Without maxResults a page has up to 1,000 items."""
    return right(registry, _wide(given) | given, call)


@broken_operation(*LISTINGS, condemned_by=["pagination.made-up-token-refused"])
def an_unknown_token_begins_anew(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A token that no listing gave is taken for none."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if "NextToken" not in refusal.message:
            raise
        rest = {name: value for name, value in given.items() if name != "nextToken"}
        return right(registry, rest, call)


@broken_operation(*LISTINGS, condemned_by=["pagination.other-size-on-the-way"])
def a_token_is_good_for_one_page_size(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A token is refused together with another maxResults than the one it came with."""
    if "nextToken" in given:
        size, _, token = given["nextToken"].partition(".")
        if size.isdecimal() and int(size) != given.get("maxResults", 0):
            raise Refusal("InvalidParameterException", "maxResults cannot be changed on the way")
        given = {**given, "nextToken": token or size}
    changed, answer = right(registry, given, call)
    if "nextToken" in answer:
        answer["nextToken"] = f"{given.get('maxResults', 0)}.{answer['nextToken']}"
    return changed, answer


@broken_operation(
    "ListImages",
    "DescribeImages",
    condemned_by=["pagination.filter"],
    services=["ecr"],
)
def a_filter_holds_on_the_first_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The pages after the first have items that the filter keeps back."""
    plain = {name: value for name, value in given.items() if name != "filter"}
    if "filter" not in given or "maxResults" not in given:
        return right(registry, given, call)
    if "nextToken" not in given:
        _, page = right(registry, given, call)
        _, unfiltered = right(registry, plain, call)
        return registry, {**page, "nextToken": unfiltered["nextToken"]}
    return right(registry, plain, call)


def _unpaged(given: Parameters) -> dict[str, Any]:
    return {name: each for name, each in given.items() if name not in ("maxResults", "nextToken")}


def _wide(given: Parameters) -> dict[str, Any]:
    """A maxResults for everything, unless items are asked for by name."""
    named = "repositoryNames" in given or "imageIds" in given
    return {} if named else {"maxResults": _ALL}


def _member(answer: Answer) -> str:
    return next(member for member in _ITEMS if member in answer)


_OTHERS = (
    "DescribeImageScanFindings",
    "DescribePullThroughCacheRules",
    "DescribeRegistries",
    "GetLifecyclePolicyPreview",
    "ListImageReferrers",
)


@lenient(
    condemned_by=[
        "pagination.other-bounds",
        "ecr.validation.describe-image-scan-findings.max",
        "ecr.validation.describe-pull-through-cache-rules.max",
        "ecr-public.validation.describe-registries.max",
        "ecr.validation.get-lifecycle-policy-preview.max",
        "ecr.validation.list-image-referrers.max",
    ]
)
def other_pages_have_any_size(operation: str, breach: Breach) -> bool:
    """Listings that few need take a maxResults however large."""
    return operation in _OTHERS and (*breach.path, breach.keyword) == ("maxResults", "maximum")
