"""What can be wrong with tag mutability and the filters that exclude tags from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fault import broken_answer, broken_operation, broken_transport, lenient, reference_with

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry, Repository, Settings
from conformance.targets import Connection

_FILTERS = "imageTagMutabilityExclusionFilters"
_WITH_FILTERS = ("CreateRepository", "PutImageTagMutability")


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository asked for, or an empty one where there is none."""
    name = given["repositoryName"]
    return registry.repositories.get(name, Repository(name, 0.0))


def _without_filters(answer: Any) -> None:
    """Drop the filters from an answer, wherever they are."""
    if isinstance(answer, dict):
        answer.pop(_FILTERS, None)
        for value in answer.values():
            _without_filters(value)
    if isinstance(answer, list):
        for value in answer:
            _without_filters(value)


def _pushed_with(
    seen: Callable[[Settings], Settings],
    right: Operation,
    registry: Registry,
    given: Parameters,
    call: Call,
) -> Outcome:
    """The outcome of PutImage where a repository's settings are seen in another way."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    other = replace(repository, settings=seen(repository.settings))
    changed, answer = right(registry.having(other), given, call)
    kept = replace(_repository(changed, given), settings=repository.settings)
    return changed.having(kept), answer


@broken_answer(
    "CreateRepository",
    condemned_by=["repositories.exclusions-kept", "ecr.shapes.later-members"],
    services=["ecr"],
)
def creation_does_not_show_filters(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers without the exclusion filters."""
    _without_filters(answer)


@broken_answer(
    "DescribeRepositories",
    condemned_by=[
        "repositories.exclusions-described",
        "repositories.put-mutability-described",
        "ecr.shapes.later-members",
    ],
    services=["ecr"],
)
def filters_are_not_described(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories shows no exclusion filters."""
    _without_filters(answer)


@broken_answer(
    "PutImageTagMutability",
    condemned_by=["repositories.put-mutability-answers", "ecr.shapes.later-members"],
)
def putting_does_not_show_filters(answer: Answer, given: Parameters) -> None:
    """PutImageTagMutability answers without the exclusion filters."""
    _without_filters(answer)


@broken_operation(
    "PutImageTagMutability",
    condemned_by=[
        "repositories.put-mutability-described",
        "repositories.put-mutability-replaces-exclusions",
    ],
)
def putting_changes_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageTagMutability answers with the new setting and keeps the old one."""
    return registry, right(registry, given, call)[1]


@broken_operation(
    "PutImageTagMutability", condemned_by=["repositories.put-mutability-replaces-exclusions"]
)
def filters_add_up(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """PutImageTagMutability keeps the filters that were there beside the new ones."""
    before = _repository(registry, given).settings.exclusions
    changed, answer = right(registry, given, call)
    after = _repository(changed, given)
    both = tuple(dict.fromkeys((*before, *after.settings.exclusions)))
    return changed.having(replace(after, settings=replace(after.settings, exclusions=both))), answer


@broken_operation(
    "PutImageTagMutability", condemned_by=["repositories.put-mutability-of-one-repository"]
)
def mutability_is_that_of_the_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageTagMutability sets the mutability of the repository of the namespace, too."""
    changed, answer = right(registry, given, call)
    parent = changed.repositories.get(given["repositoryName"].rpartition("/")[0])
    if parent is None:
        return changed, answer
    return right(changed, {**given, "repositoryName": parent.name}, call)[0], answer


@broken_transport(
    condemned_by=[
        "repositories.put-immutable-takes-effect",
        "repositories.put-immutable-covers-old-tags",
        "repositories.put-immutable-covers-excluded-tags",
        "repositories.put-mutable-takes-effect",
    ]
)
def the_mode_at_creation_counts(_: Connection) -> Connection:
    """Pushes go by the mutability that a repository was made with, whatever was put since."""
    first: dict[str, Settings] = {}

    def create(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        changed, answer = right(registry, given, call)
        first[given["repositoryName"]] = _repository(changed, given).settings
        return changed, answer

    def push(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        old = first.get(given["repositoryName"], Settings())

        def as_at_first(now: Settings) -> Settings:
            return replace(now, mutability=old.mutability, exclusions=old.exclusions)

        return _pushed_with(as_at_first, right, registry, given, call)

    return reference_with(CreateRepository=create, PutImage=push)


@broken_transport(condemned_by=["repositories.put-immutable-covers-old-tags"])
def old_tags_stay_mutable(_: Connection) -> Connection:
    """Tags that were there before PutImageTagMutability can be moved as before."""
    old: dict[str, tuple[Settings, frozenset[str]]] = {}

    def put(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        repository = _repository(registry, given)
        old[repository.name] = repository.settings, frozenset(repository.tags)
        return right(registry, given, call)

    def push(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        settings, tags = old.get(given["repositoryName"], (Settings(), frozenset()))
        if given.get("imageTag") not in tags:
            return right(registry, given, call)
        return _pushed_with(lambda _: settings, right, registry, given, call)

    return reference_with(PutImageTagMutability=put, PutImage=push)


@broken_transport(condemned_by=["repositories.put-immutable-covers-excluded-tags"])
def filters_are_never_forgotten(_: Connection) -> Connection:
    """Filters that a repository was made with exclude tags for ever."""
    filters: dict[str, tuple[str, ...]] = {}

    def create(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        changed, answer = right(registry, given, call)
        filters[given["repositoryName"]] = _repository(changed, given).settings.exclusions
        return changed, answer

    def push(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        old = filters.get(given["repositoryName"], ())

        def seen(settings: Settings) -> Settings:
            return replace(settings, exclusions=(*settings.exclusions, *old))

        return _pushed_with(seen, right, registry, given, call)

    return reference_with(CreateRepository=create, PutImage=push)


@broken_transport(condemned_by=["repositories.put-mutable-takes-effect"])
def once_immutable_is_always_immutable(_: Connection) -> Connection:
    """A repository that was made IMMUTABLE stays so for pushes."""
    fixed: set[str] = set()

    def create(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        if given.get("imageTagMutability") == "IMMUTABLE":
            fixed.add(given["repositoryName"])
        return right(registry, given, call)

    def push(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        if given["repositoryName"] not in fixed:
            return right(registry, given, call)
        return _pushed_with(_as("IMMUTABLE"), right, registry, given, call)

    return reference_with(CreateRepository=create, PutImage=push)


def _as(mode: str, of: str = "") -> Callable[[Settings], Settings]:
    """See a mode without its filters, or those settings alone whose mode is ``of``."""

    def seen(settings: Settings) -> Settings:
        if of and settings.mutability != of:
            return settings
        return replace(settings, mutability=mode, exclusions=())

    return seen


@broken_operation("PutImage", condemned_by=["repositories.excluded-tag-moves"])
def an_immutable_repository_has_no_exclusions(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes IMMUTABLE_WITH_EXCLUSION for IMMUTABLE."""
    seen = _as("IMMUTABLE", of="IMMUTABLE_WITH_EXCLUSION")
    return _pushed_with(seen, right, registry, given, call)


@broken_operation("PutImage", condemned_by=["repositories.not-excluded-tag-stays"])
def only_immutable_is_immutable(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes IMMUTABLE_WITH_EXCLUSION for MUTABLE."""
    seen = _as("MUTABLE", of="IMMUTABLE_WITH_EXCLUSION")
    return _pushed_with(seen, right, registry, given, call)


@broken_operation("PutImage", condemned_by=["repositories.excluded-tag-stays"])
def a_mutable_repository_has_no_exclusions(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes MUTABLE_WITH_EXCLUSION for MUTABLE."""
    seen = _as("MUTABLE", of="MUTABLE_WITH_EXCLUSION")
    return _pushed_with(seen, right, registry, given, call)


@broken_operation("PutImage", condemned_by=["repositories.not-excluded-tag-moves"])
def what_is_not_mutable_is_immutable(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes MUTABLE_WITH_EXCLUSION for IMMUTABLE."""
    seen = _as("IMMUTABLE", of="MUTABLE_WITH_EXCLUSION")
    return _pushed_with(seen, right, registry, given, call)


@broken_operation(
    "PutImage",
    condemned_by=["repositories.excluded-tag-moves", "repositories.excluded-tag-stays"],
)
def wildcards_are_for_the_end(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage knows wildcards at the end of filters alone."""

    def seen(settings: Settings) -> Settings:
        known = tuple(each for each in settings.exclusions if "*" not in each[:-1])
        return replace(settings, exclusions=known)

    return _pushed_with(seen, right, registry, given, call)


@broken_operation(
    "PutImage",
    condemned_by=["repositories.excluded-tag-moves", "repositories.excluded-tag-stays"],
)
def the_first_filter_counts(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage looks at the first of several filters."""

    def seen(settings: Settings) -> Settings:
        return replace(settings, exclusions=settings.exclusions[:1])

    return _pushed_with(seen, right, registry, given, call)


@broken_operation(
    *_WITH_FILTERS,
    condemned_by=["repositories.exclusions-accepted"],
)
def four_filters_are_the_most(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository and PutImageTagMutability refuse the fifth filter."""
    if len(given.get(_FILTERS, ())) > 4:
        raise Refusal("InvalidParameterException", "There are too many filters")
    return right(registry, given, call)


@lenient(
    condemned_by=[
        "repositories.invalid-exclusions-refused",
        "ecr.shapes.later-members",
        "ecr.validation.create-repository-creation-template.enum",
        "ecr.validation.create-repository-creation-template.max",
        "ecr.validation.create-repository-creation-template.min",
        "ecr.validation.create-repository-creation-template.pattern",
        "ecr.validation.create-repository.enum",
        "ecr.validation.create-repository.max",
        "ecr.validation.create-repository.min",
        "ecr.validation.create-repository.pattern",
        "ecr.validation.put-image-tag-mutability.enum",
        "ecr.validation.put-image-tag-mutability.max",
        "ecr.validation.put-image-tag-mutability.min",
        "ecr.validation.put-image-tag-mutability.pattern",
        "ecr.validation.update-repository-creation-template.enum",
        "ecr.validation.update-repository-creation-template.max",
        "ecr.validation.update-repository-creation-template.min",
        "ecr.validation.update-repository-creation-template.pattern",
    ]
)
def filters_have_any_form(operation: str, breach: Breach) -> bool:
    """Any number of filters is taken, of any length and with any characters."""
    return _FILTERS in breach.path and breach.keyword not in ("type", "required")


@broken_operation(*_WITH_FILTERS, condemned_by=["repositories.two-wildcards-accepted"])
def a_filter_has_one_wildcard(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository and PutImageTagMutability refuse filters with more than one wildcard."""
    if any(each["filter"].count("*") > 1 for each in given.get(_FILTERS, ())):
        raise Refusal("InvalidParameterException", "A filter has one wildcard")
    return right(registry, given, call)


@broken_operation(*_WITH_FILTERS, condemned_by=["repositories.three-wildcards-refused"])
def a_filter_has_any_number_of_wildcards(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Filters with more than two wildcards are taken."""
    if _FILTERS not in given:
        return right(registry, given, call)
    fewer = [{**each, "filter": _two(each["filter"])} for each in given[_FILTERS]]
    return right(registry, {**given, _FILTERS: fewer}, call)


def _two(pattern: str) -> str:
    """The pattern with the wildcards after the second left out."""
    first, second, *more = [*pattern.split("*", 2), "", ""]
    return pattern if pattern.count("*") < 3 else f"{first}*{second}*{more[0].replace('*', '')}"


@broken_operation(*_WITH_FILTERS, condemned_by=["repositories.exclusion-without-filters-refused"])
def an_exclusion_needs_no_filters(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A mode with exclusion is taken without filters, and is one without exclusion."""
    mode = given.get("imageTagMutability", "MUTABLE")
    if _FILTERS in given:
        return right(registry, given, call)
    return right(
        registry, {**given, "imageTagMutability": mode.removesuffix("_WITH_EXCLUSION")}, call
    )
