"""What can be wrong with repositories."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.repositories import create_repository
from conformance.reference.state import Registry


@broken_answer(
    "CreateRepository",
    condemned_by=["repositories.create-answers-name", "repositories.valid-name-accepted"],
)
def the_namespace_is_lost(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers with what comes after the last slash of the name."""
    answer["repository"]["repositoryName"] = given["repositoryName"].rpartition("/")[2]


@broken_answer("CreateRepository", condemned_by=["repositories.arn"])
def the_arn_lacks_the_namespace(answer: Answer, given: Parameters) -> None:
    """The ARN that CreateRepository gives ends with the last part of the name."""
    arn, name = answer["repository"]["repositoryArn"], given["repositoryName"]
    answer["repository"]["repositoryArn"] = arn.removesuffix(name) + name.rpartition("/")[2]


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=["repositories.arn"],
)
def the_arn_is_not_of_a_repository(answer: Answer, given: Parameters) -> None:
    """ARNs have the name right after the account, without ``repository/``."""
    for each in _repositories(answer):
        each["repositoryArn"] = each["repositoryArn"].replace(":repository/", ":")


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=["repositories.public-arn"],
    services=["ecr-public"],
)
def a_public_arn_has_a_region(answer: Answer, given: Parameters) -> None:
    """ARNs of public repositories have a region, as those of private ones."""
    for each in _repositories(answer):
        each["repositoryArn"] = each["repositoryArn"].replace("ecr-public::", "ecr:us-east-1:")


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=[
        "ecr.registry.backfill-own-registry",
        "ecr.registry.pull-through-own-upstream",
        "policies.registry-put-answers",
        "repositories.registry-id",
    ],
)
def the_registry_is_not_that_of_the_arn(answer: Answer, given: Parameters) -> None:
    """ARNs of repositories name another account than their registryId."""
    for each in _repositories(answer):
        each["repositoryArn"] = each["repositoryArn"].replace("123456789012", "000000000000")


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=["catalog.repository-uri-in-registry", "repositories.uri"],
)
def the_uri_has_a_scheme(answer: Answer, given: Parameters) -> None:
    """URIs of repositories begin with https://."""
    for each in _repositories(answer):
        each["repositoryUri"] = f"https://{each['repositoryUri']}"


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=["catalog.repository-uri-in-registry", "repositories.uri"],
)
def the_uri_is_only_a_host(answer: Answer, given: Parameters) -> None:
    """URIs of repositories are those of their registries."""
    for each in _repositories(answer):
        each["repositoryUri"] = each["repositoryUri"].partition("/")[0]


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    condemned_by=[
        "client.created-at",
        "client.paginator",
        "client.search",
        "client.request-id",
        "client.resume",
        "client.resume-within-page",
        "repositories.created-at",
    ],
)
def dates_are_in_milliseconds(answer: Answer, given: Parameters) -> None:
    """The createdAt of a repository counts milliseconds."""
    for each in _repositories(answer):
        each["createdAt"] = int(each["createdAt"] * 1000)


@broken_operation("CreateRepository", condemned_by=["repositories.default-mutability"])
def tags_are_immutable_by_default(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository says IMMUTABLE of a repository that was made without saying so."""
    changed, answer = right(registry, given, call)
    repository = answer["repository"]
    if "imageTagMutability" in repository and "imageTagMutability" not in given:
        repository["imageTagMutability"] = "IMMUTABLE"
    return changed, answer


@broken_operation(
    "CreateRepository",
    condemned_by=["repositories.default-scanning", "scanning.filter-does-not-match"],
    services=["ecr"],
)
def images_are_scanned_by_default(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A repository scans on push unless told otherwise."""
    configuration = {"scanOnPush": True, **given.get("imageScanningConfiguration", {})}
    return right(registry, {**given, "imageScanningConfiguration": configuration}, call)


@broken_operation(
    "CreateRepository", condemned_by=["repositories.default-encryption"], services=["ecr"]
)
def repositories_are_encrypted_with_kms_by_default(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A repository is encrypted with KMS unless told otherwise."""
    return right(registry, {"encryptionConfiguration": {"encryptionType": "KMS"}, **given}, call)


@broken_answer(
    "CreateRepository",
    condemned_by=["repositories.exclusions-kept", "repositories.immutability-kept"],
    services=["ecr"],
)
def create_says_mutable_always(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers MUTABLE whatever was asked for."""
    answer["repository"]["imageTagMutability"] = "MUTABLE"


@broken_answer(
    "CreateRepository", condemned_by=["repositories.scan-on-push-kept"], services=["ecr"]
)
def create_says_unscanned_always(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers scanOnPush false whatever was asked for."""
    answer["repository"]["imageScanningConfiguration"] = {"scanOnPush": False}


@broken_answer(
    "CreateRepository", condemned_by=["repositories.catalog-data"], services=["ecr-public"]
)
def the_description_is_lost(answer: Answer, given: Parameters) -> None:
    """CreateRepository leaves the description out of the catalog data."""
    answer["catalogData"].pop("description", None)


@broken_operation(
    "CreateRepository",
    condemned_by=["repositories.duplicate-refused", "repositories.one-creation-wins"],
)
def creating_twice_gives_the_first(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository of a name that is taken succeeds and changes nothing."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "RepositoryAlreadyExistsException":
            raise
        _, answer = right(Registry(), given, call)
        return registry, answer


@broken_operation(
    "CreateRepository",
    condemned_by=[
        "repositories.duplicate-changes-nothing",
        "repositories.duplicate-refused",
        "repositories.one-creation-wins",
        "resource-tags.second-creation-changes-none",
    ],
)
def creating_twice_makes_it_anew(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository of a name that is taken puts a new repository in place of the old."""
    again = given["repositoryName"] in registry.repositories
    rest = registry.without(given["repositoryName"])
    return right(rest, given, _later(call) if again else call)


@broken_operation(
    "CreateRepository",
    condemned_by=[
        "repositories.duplicate-changes-nothing",
        "resource-tags.second-creation-changes-none",
    ],
)
def a_refused_creation_has_effects(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository puts a new repository in place of the old before it refuses."""
    name = given["repositoryName"]
    if name not in registry.repositories:
        return right(registry, given, call)
    again, _ = right(registry.without(name), given, _later(call))
    registry.repositories[name] = again.repositories[name]
    return right(registry, given, call)


@broken_answer("DescribeRepositories", condemned_by=["repositories.described-as-made"])
def the_described_uri_is_another(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories gives URIs with localhost for a host."""
    for each in _repositories(answer):
        each["repositoryUri"] = "localhost:4510/" + each["repositoryName"]


@broken_operation("DescribeRepositories", condemned_by=["repositories.date-described-as-made"])
def the_date_is_that_of_the_description(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositories gives the time of the last hour as createdAt."""
    _, answer = right(registry, given, call)
    for each in _repositories(answer):
        each["createdAt"] = each["createdAt"] // 3600 * 3600 + 5
    return registry, answer


@broken_operation("DescribeRepositories", condemned_by=["repositories.several-described"])
def only_the_first_name_counts(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositories describes the first of several repositories."""
    _, answer = right(registry, given, call)
    if "repositoryNames" in given:
        answer["repositories"] = answer["repositories"][:1]
    return registry, answer


@broken_operation(
    "DescribeRepositories", condemned_by=["repositories.unknown-beside-known-refused"]
)
def unknown_names_beside_known_ones_are_left_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositories leaves unknown names out unless all are unknown."""
    known = [name for name in given.get("repositoryNames", ()) if name in registry.repositories]
    return right(registry, {**given, "repositoryNames": known} if known else given, call)


@broken_operation(
    "DescribeRepositories",
    condemned_by=[
        "repositories.unknown-refused",
        "repositories.unknown-beside-known-refused",
    ],
)
def unknown_names_are_left_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositories answers unknown names with an empty list."""
    if "repositoryNames" not in given:
        return right(registry, given, call)
    known = [name for name in given["repositoryNames"] if name in registry.repositories]
    if known:
        return right(registry, {**given, "repositoryNames": known}, call)
    return registry, {"repositories": []}


@broken_operation("InitiateLayerUpload", condemned_by=["repositories.unknown-refused"])
def uploads_need_no_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """InitiateLayerUpload gives an upload id for a repository that is not there."""
    if given["repositoryName"] in registry.repositories:
        return right(registry, given, call)
    return registry, {"uploadId": str(call.fresh), "partSize": 10485760}


@broken_operation(
    "DeleteRepository",
    condemned_by=["repositories.delete-twice-refused", "repositories.unknown-refused"],
)
def deleting_what_is_not_there_succeeds(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository of an unknown repository succeeds and describes it."""
    name = given["repositoryName"]
    if name in registry.repositories:
        return right(registry, given, call)
    with_it, _ = create_repository(registry, {"repositoryName": name}, call)
    _, answer = right(with_it, given, call)
    return registry, answer


@broken_operation(
    "SetRepositoryPolicy",
    "GetRepositoryPolicy",
    "DescribeImages",
    condemned_by=["repositories.own-registry-accepted"],
)
def another_registry_id_than_none_is_unknown(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Some operations find no repository where a registryId is given."""
    if "registryId" in given:
        raise Refusal("RepositoryNotFoundException", "The repository is not in that registry")
    return right(registry, given, call)


@broken_operation(
    "CreateRepository",
    condemned_by=[
        "ecr.repositories.made-in-own-registry",
        "ecr.validation.create-repository.valid",
    ],
)
def a_repository_is_made_for_nobody_else(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository takes no registryId."""
    if "registryId" in given:
        raise Refusal("InvalidParameterException", "no registryId")
    return right(registry, given, call)


@broken_answer("DeleteRepository", condemned_by=["repositories.delete-answers-repository"])
def deleting_answers_with_another_arn(answer: Answer, given: Parameters) -> None:
    """DeleteRepository answers with the ARN of the registry."""
    repository = answer["repository"]
    repository["repositoryArn"] = repository["repositoryArn"].partition(":repository/")[0]


@broken_operation(
    "DeleteRepository",
    condemned_by=[
        "repositories.deleted-unknown",
        "repositories.deleted-unlisted",
        "repositories.delete-twice-refused",
        "repositories.forced-deletion",
        "repositories.deletable-after-its-images",
        "repositories.made-again-empty",
        "repositories.made-again-without-policy",
        "resource-tags.gone-with-repository",
        "repositories.made-again-with-defaults",
        "repositories.deleted-in-own-account-alone",
    ],
)
def nothing_is_deleted(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository answers as if it had deleted the repository."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation(
    "DescribeRepositories",
    condemned_by=["pagination.default", "repositories.listed"],
)
def the_listing_leaves_out_namespaces(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Without names, DescribeRepositories lists only repositories without a slash in their name."""
    if "repositoryNames" in given:
        return right(registry, given, call)
    plain = {name: each for name, each in registry.repositories.items() if "/" not in name}
    _, answer = right(replace(registry, repositories=plain), given, call)
    return registry, answer


@broken_operation(
    "DeleteRepository",
    condemned_by=[
        "repositories.delete-with-images-refused",
        "repositories.delete-with-untagged-images-refused",
        "repositories.refused-deletion-keeps-images",
    ],
)
def force_is_not_needed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository deletes repositories with images without being forced to."""
    return right(registry, {**given, "force": True}, call)


@broken_operation("DeleteRepository", condemned_by=["repositories.delete-with-images-refused"])
def false_forces_too(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository takes a force that is false for one that is true."""
    return right(registry, {**given, "force": True} if "force" in given else given, call)


@broken_operation(
    "DeleteRepository", condemned_by=["repositories.delete-with-untagged-images-refused"]
)
def untagged_images_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository takes a repository of untagged images for an empty one."""
    repository = registry.repositories.get(given["repositoryName"])
    untagged = repository is not None and not repository.tags
    return right(registry, {**given, "force": True} if untagged else given, call)


@broken_operation(
    "DeleteRepository",
    condemned_by=["repositories.forced-deletion", "repositories.made-again-empty"],
)
def force_is_ignored(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository refuses to delete a repository with images even by force."""
    return right(registry, {**given, "force": False}, call)


@broken_operation("DeleteRepository", condemned_by=["repositories.deletable-after-its-images"])
def whoever_had_images_has_images(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository counts layers that are left over as contents."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is not None and repository.layers and not given.get("force"):
        raise Refusal("RepositoryNotEmptyException", "The repository still has layers")
    return right(registry, given, call)


@broken_operation(
    "DeleteRepository",
    condemned_by=["repositories.refused-deletion-keeps-images"],
)
def a_refused_deletion_empties(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepository deletes the images before it refuses to delete the repository."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "RepositoryNotEmptyException":
            name = given["repositoryName"]
            emptied = replace(registry.repositories[name], images={}, tags={})
            registry.repositories[name] = emptied
        raise


@lenient(
    condemned_by=[
        "repositories.invalid-name-refused",
        "repositories.repeated-separators-refused",
        "validation.create-repository.pattern",
    ]
)
def any_characters_are_accepted(operation: str, breach: Breach) -> bool:
    """Repository names are not held to their pattern when a repository is made."""
    return (operation, *breach.path) == _NAME and breach.keyword == "pattern"


@lenient(
    condemned_by=[
        "repositories.invalid-name-refused",
        "validation.create-repository.max",
        "validation.create-repository.min",
    ]
)
def any_length_is_accepted(operation: str, breach: Breach) -> bool:
    """Repository names are not held to their lengths when a repository is made."""
    return (operation, *breach.path) == _NAME and breach.keyword in ("minLength", "maxLength")


_NAME = ("CreateRepository", "repositoryName")


@broken_operation("CreateRepository", condemned_by=["repositories.valid-name-accepted"])
def long_names_are_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Names of repositories have 63 characters at most, as those of buckets."""
    if len(given["repositoryName"]) > 63:
        raise Refusal("InvalidParameterException", "The name is too long")
    return right(registry, given, call)


@broken_operation("CreateRepository", condemned_by=["repositories.period-in-name-accepted"])
def periods_are_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Names of repositories have no periods."""
    if "." in given["repositoryName"]:
        raise Refusal("InvalidParameterException", "The name has a period")
    return right(registry, given, call)


@broken_operation(
    "CreateRepository",
    condemned_by=["repositories.repeated-separators-accepted"],
    services=["ecr"],
)
def repeated_separators_are_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ECR is as strict about repeated separators as ECR Public."""
    if "--" in given["repositoryName"] or "__" in given["repositoryName"]:
        raise Refusal("InvalidParameterException", "The name has a separator twice")
    return right(registry, given, call)


@broken_operation("DescribeRepositories", condemned_by=["repositories.shortest-name-valid"])
def short_names_are_invalid(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A name of two characters is refused as invalid."""
    if any(len(name) < 3 for name in given.get("repositoryNames", ())):
        raise Refusal("InvalidParameterException", "The name is too short")
    return right(registry, given, call)


def _later(call: Call) -> Call:
    """The call as if it came later: two may follow each other within a millisecond."""
    return replace(call, now=call.now + 5)


def _repositories(answer: Answer) -> list[Answer]:
    return answer.get("repositories") or [answer["repository"]]


@broken_operation(
    "CreateRepository",
    condemned_by=[
        "repositories.duplicate-changes-nothing",
        "repositories.duplicate-refused",
        "repositories.one-creation-wins",
        "resource-tags.second-creation-changes-none",
    ],
)
def a_name_is_taken_later(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A name counts as taken only a second after it was: until then more creations succeed."""
    name = given["repositoryName"]
    there = registry.repositories.get(name)
    if there is not None and call.now - there.created_at < 1:
        return right(registry.without(name), given, call)
    return right(registry, given, call)
