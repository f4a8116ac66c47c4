"""Another account of the same target, where the target keeps accounts apart."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from conformance.suite.answers import describe, structure, success, text
from conformance.suite.clients import wire_client
from conformance.suite.evidence import documented
from conformance.suite.outcomes import NotApplicable, Untestable
from conformance.suite.registry import Registry
from conformance.suite.topics.repository_answers import own_registry
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import ANOTHER_ACCOUNT

EACH_HAS_ITS_OWN = documented(
    "Amazon ECR public registries",
    "Each AWS account is provided with a default public and private Amazon ECR registry.",
    url="https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html",
)


def in_another_account(registry: Registry) -> Registry:
    """A registry client of another account, which only arranges: no check is about its answers.

    Its exchanges are in the log of ``registry``, too; those in its own log are what it made itself.
    """
    log = ExchangeLog(registry.log, registry.service)
    client = wire_client(registry.target, registry.contract, log, credentials=ANOTHER_ACCOUNT)
    return replace(registry, log=log, client=client, concerned=())


def require_apart(registry: Registry, other: Registry) -> None:
    """Raise ``NotApplicable`` unless the target says that these are registries of two accounts.

    It says so by the ``registryId`` of what each of them makes. Who checks credentials, as AWS
    does, refuses an account that nobody has.
    """
    own = own_registry(registry, "-account")
    name = f"{other.name_prefix}-other-account"
    response = other.send("CreateRepository", {"repositoryName": name})
    answer = success(response)
    if HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotApplicable(f"the target refuses another account: {describe(response)}")
    theirs = text(structure(answer or {}, "repository"), "registryId")
    if theirs is None:
        raise Untestable("CreateRepository", describe(response))
    if theirs == own:
        raise NotApplicable("the target takes an access key of twelve digits for the same account")
