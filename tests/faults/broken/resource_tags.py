"""What can be wrong with resource tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from fault import broken_answer, broken_operation, broken_transport, reference_with

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry, Repository
from conformance.targets import Connection

Tags = Mapping[str, str]

_BY_ARN = ("TagResource", "UntagResource", "ListTagsForResource")
_INVALID = "InvalidParameterException"


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository that a request names, by ARN or not; an empty one where there is none."""
    arn: str = given.get("resourceArn", "")
    name = given.get("repositoryName") or arn.rpartition(":repository/")[2]
    return registry.repositories.get(name, Repository(name, 0.0))


def _tags(registry: Registry, given: Parameters) -> Tags:
    return _repository(registry, given).settings.resource_tags


def _given(given: Parameters) -> Tags:
    return {each.get("Key", ""): each.get("Value", "") for each in given.get("tags", ())}


def _with(given: Parameters, tags: Tags) -> Parameters:
    return {**given, "tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _having(registry: Registry, repository: Repository, tags: Tags) -> Registry:
    settings = replace(repository.settings, resource_tags=tags)
    return registry.having(replace(repository, settings=settings))


@broken_answer(
    "ListTagsForResource",
    condemned_by=[
        "resource-tags.none-at-first",
        "resource-tags.removed",
        "resource-tags.gone-with-repository",
        "resource-tags.of-a-nested-repository",
    ],
)
def whoever_has_no_tags_has_one(answer: Answer, given: Parameters) -> None:
    """ListTagsForResource gives a tag with the name of a repository that has none."""
    name = given["resourceArn"].rpartition("/")[2]
    answer["tags"] = answer["tags"] or [{"Key": "Name", "Value": name}]


@broken_operation("CreateRepository", condemned_by=["resource-tags.at-creation"])
def tags_at_creation_are_lost(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository looks at the tags that it is given and forgets them."""
    changed, answer = right(registry, given, call)
    return _having(changed, _repository(changed, given), {}), answer


@broken_operation(
    "TagResource",
    condemned_by=["resource-tags.put", "resource-tags.all-listed"],
)
def only_the_first_tag_counts(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource puts on the first of several tags."""
    right(registry, given, call)
    return right(registry, {**given, "tags": given["tags"][:1]}, call)


@broken_operation(
    "TagResource",
    condemned_by=[
        "resource-tags.kept",
        "resource-tags.case-sensitive",
        "resource-tags.fifty-overwritten",
    ],
)
def tags_replace_all_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource takes away the tags that it does not name."""
    changed, answer = right(registry, given, call)
    return _having(changed, _repository(changed, given), _given(given)), answer


@broken_operation(
    "TagResource",
    condemned_by=[
        "resource-tags.overwritten",
        "resource-tags.empty-value-overwrites",
        "resource-tags.fifty-overwritten",
    ],
)
def the_first_value_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource leaves a tag as it was whose key is there already."""
    changed, answer = right(registry, given, call)
    both = {**_given(given), **_tags(registry, given)}
    return _having(changed, _repository(changed, given), both), answer


@broken_operation("TagResource", condemned_by=["resource-tags.case-sensitive"])
def keys_are_in_lower_case(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource puts keys into lower case."""
    lower = {key.lower(): value for key, value in _given(given).items()}
    return right(registry, _with(given, lower), call)


@broken_operation("TagResource", condemned_by=["resource-tags.characters-kept"])
def tags_are_in_ascii(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource drops letters that are not of ASCII."""
    plain = {_ascii(key): _ascii(value) for key, value in _given(given).items()}
    return right(registry, _with(given, plain), call)


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


@broken_operation(
    "TagResource",
    condemned_by=[
        "resource-tags.empty-value",
        "resource-tags.empty-value-overwrites",
        "resource-tags.value-optional",
    ],
)
def a_value_has_a_character(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource refuses empty values."""
    if "" in _given(given).values():
        raise Refusal("InvalidTagParameterException", "A value has at least one character")
    return right(registry, given, call)


@broken_operation("TagResource", condemned_by=["resource-tags.empty-value-overwrites"])
def an_empty_value_changes_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource with an empty value leaves the value that is there."""
    old = _tags(registry, given)
    values = {key: value or old.get(key, "") for key, value in _given(given).items()}
    return right(registry, _with(given, values), call)


@broken_operation(
    "UntagResource", condemned_by=["resource-tags.removed", "resource-tags.removed-alone"]
)
def only_the_first_key_is_removed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UntagResource takes away the first of several tags."""
    return right(registry, {**given, "tagKeys": given["tagKeys"][:1]}, call)


@broken_operation("UntagResource", condemned_by=["resource-tags.removed-alone"])
def keys_are_prefixes(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UntagResource takes away each tag whose key begins with one that is named."""
    wanted = tuple(given["tagKeys"])
    keys = [key for key in _tags(registry, given) if key.startswith(wanted)]
    return right(registry, {**given, "tagKeys": keys or ["none"]}, call)


@broken_operation("UntagResource", condemned_by=["resource-tags.unknown-key-ignored"])
def an_unknown_key_is_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UntagResource refuses keys that no tag has."""
    tags = _tags(registry, given)
    if tags and not set(given["tagKeys"]) <= set(tags):
        raise Refusal("InvalidTagParameterException", "There is no such tag")
    return right(registry, given, call)


@broken_answer("ListTagsForResource", condemned_by=["resource-tags.all-listed"])
def the_listing_of_tags_is_cut(answer: Answer, given: Parameters) -> None:
    """ListTagsForResource lists twenty tags at most, and offers no more."""
    answer["tags"] = answer["tags"][:20]


@broken_operation(
    "TagResource",
    "UntagResource",
    condemned_by=["resource-tags.answers-empty", "shapes.no-undocumented-members"],
)
def tagging_answers_with_the_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource and UntagResource answer with the tags that are there afterwards."""
    changed, _ = right(registry, given, call)
    tags = _with({}, _tags(changed, given))["tags"]
    return changed, {"tags": tags}


@broken_operation(
    "TagResource",
    condemned_by=["resource-tags.of-one-repository", "resource-tags.of-a-nested-repository"],
)
def tags_are_those_of_the_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource tags the repositories above, too."""
    changed, answer = right(registry, given, call)
    name = _repository(registry, given).name
    for above in registry.repositories.values():
        if name.startswith(f"{above.name}/"):
            tags = {**above.settings.resource_tags, **_given(given)}
            changed = _having(changed, above, tags)
    return changed, answer


@broken_operation("UntagResource", condemned_by=["resource-tags.of-one-repository"])
def keys_are_removed_everywhere(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UntagResource takes tags from the repositories above, too."""
    changed, answer = right(registry, given, call)
    name = _repository(registry, given).name
    for above in registry.repositories.values():
        if name.startswith(f"{above.name}/"):
            kept = {
                key: value
                for key, value in above.settings.resource_tags.items()
                if key not in given["tagKeys"]
            }
            changed = _having(changed, above, kept)
    return changed, answer


@broken_operation("TagResource", condemned_by=["resource-tags.of-a-nested-repository"])
def an_arn_has_one_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource cannot read ARNs of names with three slashes or more."""
    if given["resourceArn"].endswith("/in/a/namespace"):
        raise Refusal(_INVALID, "The ARN provided is invalid.")
    return right(registry, given, call)


@broken_transport(condemned_by=["resource-tags.gone-with-repository"])
def tags_outlive_their_repository(_: Connection) -> Connection:
    """Tags are kept by ARN, and those of a deleted repository come back with its name."""
    kept: dict[str, Tags] = {}

    def delete(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        changed, answer = right(registry, given, call)
        kept[given["repositoryName"]] = _tags(registry, given)
        return changed, answer

    def create(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        changed, answer = right(registry, given, call)
        tags = {**kept.get(given["repositoryName"], {}), **_given(given)}
        return _having(changed, _repository(changed, given), tags), answer

    return reference_with(DeleteRepository=delete, CreateRepository=create)


@broken_operation("CreateRepository", condemned_by=["resource-tags.second-creation-changes-none"])
def a_second_creation_puts_its_tags_on(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository tags a repository that is there already, and then refuses to make it."""
    there = registry.repositories.get(given["repositoryName"])
    if there is not None and given.get("tags"):
        changed = _having(registry, there, {**_tags(registry, given), **_given(given)})
        registry.repositories[there.name] = changed.repositories[there.name]
    return right(registry, given, call)


@broken_operation("TagResource", condemned_by=["resource-tags.fifty-taken"])
def a_repository_has_forty_nine_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource refuses the fiftieth tag."""
    if len({**_tags(registry, given), **_given(given)}) > 49:
        raise Refusal("TooManyTagsException", "There are too many tags")
    return right(registry, given, call)


@broken_operation("TagResource", condemned_by=["resource-tags.fifty-overwritten"])
def overwriting_counts_twice(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource adds up the tags that are there and those of the request."""
    if len(_tags(registry, given)) + len(given["tags"]) > 50:
        raise Refusal("TooManyTagsException", "There are too many tags")
    return right(registry, given, call)


@broken_operation(
    "TagResource",
    "CreateRepository",
    condemned_by=[
        "resource-tags.more-than-fifty-refused",
        "resource-tags.more-than-fifty-at-creation-refused",
        "resource-tags.never-more-than-fifty",
    ],
)
def any_number_of_tags_is_taken(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource and CreateRepository take more than fifty tags."""
    return _forgiving("TooManyTagsException", right, registry, given, call)


@broken_operation(
    "TagResource",
    "CreateRepository",
    condemned_by=[
        "resource-tags.more-than-fifty-refused",
        "resource-tags.more-than-fifty-at-creation-refused",
        "ecr-public.validation.create-repository.valid",
        "ecr-public.validation.tag-resource.valid",
    ],
)
def too_many_tags_are_an_invalid_parameter(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """More than fifty tags are refused with InvalidParameterException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "TooManyTagsException":
            raise
        raise Refusal(_INVALID, refusal.message) from None


@broken_operation("TagResource", condemned_by=["resource-tags.never-more-than-fifty"])
def the_fifty_first_tag_is_put_on_and_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource counts the tags after it has put them on."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "TooManyTagsException":
            changed, _ = _forgiving(refusal.code, right, registry, given, call)
            repository = _repository(changed, given)
            registry.repositories[repository.name] = repository
        raise


@broken_operation("CreateRepository", condemned_by=["resource-tags.refused-creation-makes-nothing"])
def a_repository_is_made_before_its_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository makes the repository, then looks at the tags and refuses them."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code in ("TooManyTagsException", "InvalidTagParameterException"):
            changed, _ = right(registry, {**given, "tags": []}, call)
            repository = _repository(changed, given)
            registry.repositories[repository.name] = repository
        raise


@broken_operation("TagResource", condemned_by=["resource-tags.longest-taken"])
def tags_are_cut_at_a_hundred(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource cuts keys and values to a hundred characters."""
    right(registry, given, call)
    cut = {key[:100]: value[:100] for key, value in _given(given).items()}
    return right(registry, _with(given, cut), call)


@broken_transport(
    condemned_by=[
        "resource-tags.too-long-refused",
        "resource-tags.too-long-at-creation-refused",
        "resource-tags.refused-changes-nothing",
        "resource-tags.empty-key-refused",
        "resource-tags.reserved-prefix-refused",
        "ecr-public.validation.create-repository.max",
        "ecr-public.validation.create-repository.min",
        "ecr.validation.create-repository.required",
        "ecr-public.validation.tag-resource.max",
        "ecr-public.validation.tag-resource.min",
        "ecr.validation.tag-resource.required",
    ]
)
def any_tag_is_valid(_: Connection) -> Connection:
    """TagResource and CreateRepository take keys and values of any form."""

    def excuse(operation: str, breach: Breach) -> bool:
        """Excuse what is wrong in a tag but its type; not that there are no tags."""
        return breach.path[:-1][:1] == ("tags",) and breach.keyword != "type"

    return reference_with(
        excuse=excuse,
        TagResource=_any_form,
        CreateRepository=_any_form,
    )


def _any_form(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    return _forgiving("InvalidTagParameterException", right, registry, given, call)


@broken_operation("TagResource", condemned_by=["resource-tags.reserved-prefix-refused"])
def the_reserved_prefix_is_free(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """TagResource takes keys that begin with aws:."""
    if any(key.startswith("aws:") for key in _given(given)):
        return _any_form(right, registry, given, call)
    return right(registry, given, call)


@broken_operation(*_BY_ARN, condemned_by=["resource-tags.missing-repository-refused"])
def whoever_is_missing_has_no_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Operations on tags of a repository that does not exist answer as if it had none."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        account = f":{call.key.account}:" in given["resourceArn"]
        if refusal.code != "RepositoryNotFoundException" or not account:
            raise
        return registry, {"tags": []} if call.operation == "ListTagsForResource" else {}


@broken_operation(*_BY_ARN, condemned_by=["resource-tags.no-arn-invalid"])
def what_is_no_arn_is_not_found(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An ARN that cannot be read is RepositoryNotFoundException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if "ARN" not in refusal.message:
            raise
        raise Refusal("RepositoryNotFoundException", refusal.message) from None


@broken_operation(*_BY_ARN, condemned_by=["resource-tags.foreign-arn-refused"])
def only_the_name_in_an_arn_counts(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Of an ARN, the account and the service do not count."""
    service = "ecr-public:" if call.key.public else f"ecr:{call.key.region}"
    here = rf"\g<1>{service}:{call.key.account}:"
    arn = re.sub("^(arn:[^:]*:)[^:]*:[^:]*:[^:]*:", here, given["resourceArn"])
    return right(registry, {**given, "resourceArn": arn}, call)


@broken_operation(
    *_BY_ARN,
    condemned_by=["resource-tags.foreign-arn-refused", "resource-tags.no-arn-invalid"],
)
def a_name_is_as_good_as_an_arn(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """What is no ARN is taken for the name of a repository."""
    arn: str = given["resourceArn"]
    if ":" not in arn:
        region = "" if call.key.public else call.key.region
        arn = f"arn:aws:{call.key.service}:{region}:{call.key.account}:repository/{arn}"
    return right(registry, {**given, "resourceArn": arn}, call)


def _forgiving(
    code: str, right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The outcome where tags that would be refused with ``code`` are taken as they are."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != code:
            raise
    changed, answer = right(registry, {**given, "tags": []}, call)
    tags = {**_tags(changed, given), **_given(given)}
    return _having(changed, _repository(changed, given), tags), answer


@broken_operation(
    "TagResource", services=["ecr-public"], condemned_by=["ecr-public.resource-tags.value-optional"]
)
def a_tag_needs_a_value(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ECR Public refuses a tag without a value."""
    if any("Value" not in each for each in given["tags"]):
        raise Refusal("InvalidTagParameterException", "A tag has no value")
    return right(registry, given, call)
