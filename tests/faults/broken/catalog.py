"""What can be wrong with catalog data and with public registries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fault import (
    FaultTransport,
    broken_answer,
    broken_operation,
    broken_transport,
    lenient,
    with_members,
)

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.targets import Connection
from conformance.transport import Request, Response
from conformance.transport.exchange import parse_json
from conformance.transport.prepared import operation_of

_OK = 200
_ABOUT_DATA = ("PutRepositoryCatalogData", "GetRepositoryCatalogData")
_LISTS = ("architectures", "operatingSystems")


def _catalog(registry: Registry, given: Parameters) -> dict[str, Any]:
    """The catalog data of a repository, which need not be there."""
    repository = registry.repositories.get(given["repositoryName"])
    return {} if repository is None else dict(repository.settings.catalog)


def _having(registry: Registry, given: Parameters, data: dict[str, Any]) -> Registry:
    """The registry with other catalog data of a repository."""
    repository = registry.repositories[given["repositoryName"]]
    settings = replace(repository.settings, catalog=data)
    return registry.having(replace(repository, settings=settings))


@broken_answer("PutRepositoryCatalogData", condemned_by=["catalog.put-answers-data"])
def putting_answers_without_texts(answer: Answer, given: Parameters) -> None:
    """PutRepositoryCatalogData answers without the long texts."""
    for member in ("aboutText", "usageText"):
        answer["catalogData"].pop(member, None)


@broken_answer("GetRepositoryCatalogData", condemned_by=["catalog.get-returns-data"])
def getting_has_no_texts(answer: Answer, given: Parameters) -> None:
    """GetRepositoryCatalogData gives what a list of repositories needs, not the long texts."""
    for member in ("aboutText", "usageText"):
        answer["catalogData"].pop(member, None)


@broken_operation("CreateRepository", condemned_by=["catalog.created-with-data"])
def the_data_of_a_creation_is_only_answered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepository answers with catalog data and forgets it."""
    changed, answer = right(registry, given, call)
    return _having(changed, given, {}), answer


@broken_answer("GetRepositoryCatalogData", condemned_by=["catalog.none"])
def no_data_is_a_description(answer: Answer, given: Parameters) -> None:
    """GetRepositoryCatalogData describes a repository that has no description by its name."""
    answer["catalogData"].setdefault("description", given["repositoryName"])


@broken_operation("GetRepositoryCatalogData", condemned_by=["catalog.none-is-empty"])
def no_data_is_not_found(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetRepositoryCatalogData refuses to give empty data."""
    changed, answer = right(registry, given, call)
    if not answer["catalogData"]:
        raise Refusal("RepositoryCatalogDataNotFoundException", "There is no catalog data")
    return changed, answer


@broken_operation("PutRepositoryCatalogData", condemned_by=["catalog.replaced"])
def the_first_data_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRepositoryCatalogData sets only what was never set before."""
    before = _catalog(registry, given)
    changed, answer = right(registry, given, call)
    return _having(changed, given, {**answer["catalogData"], **before}), answer


@broken_operation(
    "PutRepositoryCatalogData",
    condemned_by=["catalog.replaced"],
)
def names_are_added(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """PutRepositoryCatalogData adds architectures and systems to those that are there."""
    before = _catalog(registry, given)
    changed, answer = right(registry, given, call)
    data = dict(answer["catalogData"])
    for member in _LISTS:
        if member in data:
            data[member] = list(dict.fromkeys([*before.get(member, ()), *data[member]]))
    return _having(changed, given, data), answer


@broken_operation("PutRepositoryCatalogData", condemned_by=["catalog.of-one-repository"])
def data_is_of_the_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRepositoryCatalogData sets the data of the repository of the namespace as well."""
    changed, answer = right(registry, given, call)
    parent = {"repositoryName": given["repositoryName"].rpartition("/")[0]}
    if parent["repositoryName"] not in changed.repositories:
        return changed, answer
    return _having(changed, parent, answer["catalogData"]), answer


@broken_operation("PutRepositoryCatalogData", condemned_by=["catalog.any-name"])
def only_supported_names_are_kept(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRepositoryCatalogData drops names of several words that it does not know."""
    changed, answer = right(registry, given, call)
    data = dict(answer["catalogData"])
    for member in _LISTS:
        if member in data:
            data[member] = [name for name in data[member] if name != "Plan 9"]
    return _having(changed, given, data), answer


@broken_transport(condemned_by=["catalog.gone-with-repository"])
def data_outlives_its_repository(reference: Connection) -> Connection:
    """Catalog data is in a table of its own, and stays there when its repository is deleted."""
    table: dict[str, Any] = {}

    def remember(response: Response, request: Request) -> Response:
        operation = operation_of(request)
        if operation not in _ABOUT_DATA or response.status != _OK:
            return response
        name = parse_json(request.body)["repositoryName"]
        if operation == "PutRepositoryCatalogData":
            table[name] = parse_json(response.body)
        return with_members(response, table.get(name, parse_json(response.body)))

    return FaultTransport(reference, remember)


@broken_answer(
    "PutRepositoryCatalogData",
    "GetRepositoryCatalogData",
    condemned_by=["catalog.logo"],
)
def a_logo_has_a_path(answer: Answer, given: Parameters) -> None:
    """The logoUrl is a path without a host."""
    if "logoUrl" in answer["catalogData"]:
        answer["catalogData"]["logoUrl"] = "/logo.png"


@broken_operation("PutRepositoryCatalogData", condemned_by=["catalog.within-limits"])
def texts_are_cut_off(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Texts are kept in columns of 255 characters and cut off."""
    changed, answer = right(registry, given, call)
    data = {
        member: value[:255] if isinstance(value, str) else value
        for member, value in answer["catalogData"].items()
    }
    return _having(changed, given, data), answer


@broken_transport(condemned_by=["catalog.refused-keeps-old"])
def members_are_put_one_by_one(reference: Connection) -> Connection:
    """PutRepositoryCatalogData keeps the members that are valid when it refuses one."""
    kept: set[str] = set()

    def keep(response: Response, request: Request) -> Response:
        operation = operation_of(request)
        if operation not in _ABOUT_DATA or response.status != _OK:
            if operation == "PutRepositoryCatalogData" and b'"another"' in request.body:
                kept.add(parse_json(request.body)["repositoryName"])
            return response
        answer = parse_json(response.body)
        if parse_json(request.body)["repositoryName"] in kept:
            answer["catalogData"]["description"] = "another"
        return with_members(response, answer)

    return FaultTransport(reference, keep)


@lenient(
    condemned_by=[
        "catalog.beyond-limits",
        "ecr-public.validation.create-repository.max",
        "ecr-public.validation.put-repository-catalog-data.max",
    ]
)
def names_have_any_length(operation: str, breach: Breach) -> bool:
    """Architectures and operating systems have any length."""
    return breach.path[:2] == ("catalogData", "architectures") and breach.keyword == "maxLength"


@lenient(
    condemned_by=[
        "catalog.logo-beyond-limit",
        "ecr-public.validation.create-repository.max",
        "ecr-public.validation.put-repository-catalog-data.max",
    ]
)
def logos_have_any_size(operation: str, breach: Breach) -> bool:
    """Logos have any size."""
    return (*breach.path, breach.keyword) == ("catalogData", "logoImageBlob", "maxLength")


@broken_answer(
    "DescribeRegistries",
    condemned_by=[
        "catalog.own-registry-described",
        "ecr-public.client.full-result",
    ],
)
def registries_are_of_somebody_else(answer: Answer, given: Parameters) -> None:
    """DescribeRegistries has a registryId of zeros."""
    for each in answer["registries"]:
        each["registryId"] = "000000000000"


@broken_answer("DescribeRegistries", condemned_by=["catalog.registry-arn"])
def a_registry_has_a_private_arn(answer: Answer, given: Parameters) -> None:
    """A public registry's ARN is of the service ecr and has a region."""
    for each in answer["registries"]:
        each["registryArn"] = each["registryArn"].replace("ecr-public::", "ecr:us-east-1:")


@broken_answer(
    "DescribeRegistries",
    condemned_by=["catalog.registry-uri", "catalog.repository-uri-in-registry"],
)
def a_registry_has_the_uri_of_its_account(answer: Answer, given: Parameters) -> None:
    """A registry's URI has the account in the place of the alias."""
    for each in answer["registries"]:
        each["registryUri"] = f"public.ecr.aws/{each['registryId']}"


@broken_answer(
    "DescribeRegistries",
    condemned_by=["catalog.registry-uri", "catalog.one-primary-alias", "catalog.default-alias"],
)
def a_registry_has_no_aliases(answer: Answer, given: Parameters) -> None:
    """A registry has no aliases."""
    for each in answer["registries"]:
        each["aliases"] = []


@broken_answer("DescribeRegistries", condemned_by=["catalog.default-alias"])
def aliases_are_pending(answer: Answer, given: Parameters) -> None:
    """A registry's alias is pending for ever."""
    for each in answer["registries"]:
        each["aliases"] = [{**alias, "status": "PENDING"} for alias in each["aliases"]]


@broken_answer("PutRegistryCatalogData", condemned_by=["catalog.display-name-answered"])
def naming_answers_without_the_name(answer: Answer, given: Parameters) -> None:
    """PutRegistryCatalogData answers with empty data."""
    answer["registryCatalogData"] = {}


@broken_operation("PutRegistryCatalogData", condemned_by=["catalog.display-name-got"])
def a_name_is_only_answered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryCatalogData answers with the name and forgets it."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_answer(
    "GetRegistryCatalogData",
    condemned_by=["catalog.registry-data-got", "ecr-public.shapes.presence"],
)
def no_name_is_no_data(answer: Answer, given: Parameters) -> None:
    """GetRegistryCatalogData answers without data where there is no name."""
    if not answer["registryCatalogData"]:
        del answer["registryCatalogData"]


@lenient(
    condemned_by=[
        "catalog.long-display-name",
        "ecr-public.validation.put-registry-catalog-data.max",
    ]
)
def names_of_registries_have_any_length(operation: str, breach: Breach) -> bool:
    """Display names have any length."""
    return (*breach.path, breach.keyword) == ("displayName", "maxLength")
