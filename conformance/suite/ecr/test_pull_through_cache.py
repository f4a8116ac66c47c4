"""Pull through cache rules: which prefix of repositories mirrors which upstream registry.

The upstream of every rule here is ECR Public, which asks for no secret.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe, objects, refusal, success, text
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.twins import invalid_codes
from conformance.suite.verdicts import INFO, MUST, SHOULD

NOT_FOUND = "PullThroughCacheRuleNotFoundException"
_UPSTREAM = "public.ecr.aws"
_PREFIX = documented(
    "CreatePullThroughCacheRule.ecrRepositoryPrefix",
    "The Amazon ECR repository prefix associated with the pull through cache rule.",
)
_URL = documented(
    "PullThroughCacheRule.upstreamRegistryUrl",
    "The upstream registry URL associated with the pull through cache rule.",
)
_MISSING = documented(
    "DescribePullThroughCacheRules.PullThroughCacheRuleNotFoundException",
    "The pull through cache rule was not found. Specify a valid pull through cache rule and try "
    "again.",
)
_UNSUPPORTED = documented(
    "CreatePullThroughCacheRule.UnsupportedUpstreamRegistryException",
    "The specified upstream registry isn't supported.",
)


def _make(registry: Registry, suffix: str = "") -> str:
    """Make a rule; gives its prefix."""
    prefix = registry.name_prefix + suffix
    registry.given(
        "CreatePullThroughCacheRule", ecrRepositoryPrefix=prefix, upstreamRegistryUrl=_UPSTREAM
    )
    return prefix


def _what(found: dict[str, Any]) -> tuple[str, str | None]:
    """Prefix and upstream of a rule; a slash is always assumed at the end of a prefix."""
    prefix = text(found, "ecrRepositoryPrefix") or "no prefix"
    return prefix.removesuffix("/"), text(found, "upstreamRegistryUrl")


def _described(registry: Registry, prefix: str) -> list[dict[str, Any]]:
    answer = registry.call("DescribePullThroughCacheRules", ecrRepositoryPrefixes=[prefix])
    return objects(answer, "pullThroughCacheRules")


def _exists(registry: Registry, prefix: str) -> bool:
    """Whether there is a rule of a prefix; ``Untestable`` where the answer says neither."""
    operation = "DescribePullThroughCacheRules"
    response = registry.send(operation, {"ecrRepositoryPrefixes": [prefix]})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == NOT_FOUND:
        return False
    if answer is None:
        raise Untestable(operation, describe(response))
    return prefix in [_what(each)[0] for each in objects(answer, "pullThroughCacheRules")]


def _require_described(registry: Registry, prefix: str) -> None:
    found = [_what(each) for each in _described(registry, prefix)]
    wanted = [(prefix, _UPSTREAM)]
    assert found == wanted, f"DescribePullThroughCacheRules: expected {wanted}, got {found}"


@rule(
    "registry.pull-through-create-answers",
    level=MUST,
    operations=["CreatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        _PREFIX,
        _URL,
        documented(
            "CreatePullThroughCacheRule.registryId",
            "The registry ID associated with the request.",
        ),
    ],
)
def test_create_answers_with_the_rule(registry: Registry) -> None:
    """CreatePullThroughCacheRule answers with the rule's prefix, upstream URL and registry id."""
    wanted = (registry.name_prefix, _UPSTREAM), own_registry(registry)
    answer = registry.call(
        "CreatePullThroughCacheRule",
        ecrRepositoryPrefix=registry.name_prefix,
        upstreamRegistryUrl=_UPSTREAM,
    )
    found = _what(answer), answer.get("registryId")
    assert found == wanted, f"CreatePullThroughCacheRule: expected {wanted}, got {found}"


@rule(
    "registry.pull-through-described",
    level=MUST,
    operations=["DescribePullThroughCacheRules"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribePullThroughCacheRules.ecrRepositoryPrefixes",
            "The Amazon ECR repository prefixes associated with the pull through cache rules to "
            "return.",
        ),
        _URL,
    ],
)
def test_a_rule_is_described_by_its_prefix(registry: Registry) -> None:
    """Asked for a prefix, DescribePullThroughCacheRules gives the rule of that prefix alone."""
    prefix = _make(registry)
    _make(registry, "-two")
    registry.eventually(lambda: _require_described(registry, prefix))


@rule(
    "registry.pull-through-listed",
    level=MUST,
    operations=["DescribePullThroughCacheRules"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribePullThroughCacheRules.ecrRepositoryPrefixes",
            "If no repository prefix value is specified, all pull through cache rules are "
            "returned.",
        )
    ],
)
def test_all_rules_are_listed(registry: Registry) -> None:
    """Asked for no prefix, DescribePullThroughCacheRules gives every rule there is."""
    wanted = {(_make(registry, suffix), _UPSTREAM) for suffix in ("", "-two")}

    def observe() -> None:
        found = {
            _what(each)
            for page in pages(registry, "DescribePullThroughCacheRules")
            for each in objects(page, "pullThroughCacheRules")
        }
        missing = len(wanted - found)
        assert not missing, f"DescribePullThroughCacheRules: {missing} of 2 new rules are missing"

    registry.eventually(observe)


_ON_A_RULE = (
    "DescribePullThroughCacheRules",
    "ValidatePullThroughCacheRule",
    "UpdatePullThroughCacheRule",
    "DeletePullThroughCacheRule",
)


@pytest.mark.parametrize("operation", _ON_A_RULE)
@rule(
    "registry.pull-through-unknown-refused",
    level=MUST,
    operations=_ON_A_RULE,
    services=["ecr"],
    evidence=[_MISSING],
)
def test_an_unknown_prefix_is_refused(registry: Registry, operation: str) -> None:
    """A prefix that has no rule is PullThroughCacheRuleNotFoundException."""
    known, unknown = _make(registry), registry.name_prefix + "-none"
    registry.given("DescribePullThroughCacheRules", ecrRepositoryPrefixes=[known])
    if operation == "DescribePullThroughCacheRules":
        registry.refused(operation, NOT_FOUND, ecrRepositoryPrefixes=[unknown])
        return
    # That AWS takes an update without a new secret is not documented.
    changeless = operation == "UpdatePullThroughCacheRule"
    invalid = invalid_codes(registry, operation) if changeless else frozenset()
    registry.refused(operation, {NOT_FOUND} | invalid, ecrRepositoryPrefix=unknown)


@rule(
    "registry.pull-through-duplicate-refused",
    level=MUST,
    operations=["CreatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        documented(
            "CreatePullThroughCacheRule.PullThroughCacheRuleAlreadyExistsException",
            "A pull through cache rule with these settings already exists for the private "
            "registry.",
        )
    ],
)
def test_a_second_rule_of_one_prefix_is_refused(registry: Registry) -> None:
    """Making the same rule again is PullThroughCacheRuleAlreadyExistsException."""
    prefix = _make(registry)
    registry.refused(
        "CreatePullThroughCacheRule",
        "PullThroughCacheRuleAlreadyExistsException",
        ecrRepositoryPrefix=prefix,
        upstreamRegistryUrl=_UPSTREAM,
    )


@rule(
    "registry.pull-through-upstream-refused",
    level=MUST,
    operations=["CreatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[_UNSUPPORTED],
)
def test_an_unknown_upstream_is_refused(registry: Registry) -> None:
    """A rule for an upstream registry that ECR does not support is refused."""
    _make(registry)
    codes = invalid_codes(registry, "CreatePullThroughCacheRule")
    registry.refused(
        "CreatePullThroughCacheRule",
        codes | {"UnsupportedUpstreamRegistryException"},
        ecrRepositoryPrefix=registry.name_prefix + "-two",
        upstreamRegistryUrl="registry.example.com",
    )


@rule(
    "registry.pull-through-secret-required",
    level=SHOULD,
    operations=["CreatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        observed(
            "CreatePullThroughCacheRule",
            "The specified upstream registry requires authentication. Specify a valid Secrets "
            "Manager ARN",
            "https://github.com/aws-controllers-k8s/community/issues/2589",
        )
    ],
)
def test_docker_hub_requires_a_secret(registry: Registry) -> None:
    """A rule for Docker Hub without a secret is refused."""
    _make(registry)
    codes = invalid_codes(registry, "CreatePullThroughCacheRule")
    registry.refused(
        "CreatePullThroughCacheRule",
        codes | {"UnsupportedUpstreamRegistryException", *_SECRET},
        ecrRepositoryPrefix=registry.name_prefix + "-two",
        upstreamRegistryUrl="registry-1.docker.io",
    )


_SECRET = {
    "SecretNotFoundException",
    "UnableToAccessSecretException",
    "UnableToDecryptSecretValueException",
}


@rule(
    "registry.pull-through-update-keeps-upstream",
    level=MUST,
    operations=["UpdatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        model("UpdatePullThroughCacheRuleRequest", "has no upstreamRegistryUrl"),
        documented("UpdatePullThroughCacheRule", "Updates an existing pull through cache rule."),
    ],
)
def test_an_update_keeps_the_upstream(registry: Registry) -> None:
    """After an update of its secret, taken or refused, a rule has the upstream it was made with."""
    prefix = _make(registry)
    registry.send(
        "UpdatePullThroughCacheRule", {"ecrRepositoryPrefix": prefix, **_secret(registry)}
    )

    def observe() -> None:
        answer = registry.given("DescribePullThroughCacheRules", ecrRepositoryPrefixes=[prefix])
        rules = [_what(each) for each in objects(answer, "pullThroughCacheRules")]
        found = [each for each in rules if each[0] == prefix]
        wanted = [(prefix, _UPSTREAM)]
        assert found == wanted, f"after UpdatePullThroughCacheRule: expected {wanted}, got {found}"

    registry.eventually(observe)


def _secret(registry: Registry) -> dict[str, str]:
    """A secret that does not exist, in the form that is asked for."""
    account, region = own_registry(registry), registry.target.region
    place = f"arn:aws:secretsmanager:{region}:{account}:secret"
    return {"credentialArn": f"{place}:ecr-pullthroughcache/{registry.name_prefix}-AbCdEf"}


@rule(
    "registry.pull-through-update",
    level=INFO,
    operations=["UpdatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        unverified(
            "UpdatePullThroughCacheRule", "Is a secret taken that does not exist, or is not needed?"
        )
    ],
)
def test_what_an_update_with_an_unknown_secret_gives(
    registry: Registry, observe: list[str]
) -> None:
    """A rule's update to a secret that does not exist is taken or refused."""
    parameters = {"ecrRepositoryPrefix": _make(registry), **_secret(registry)}
    response = registry.send("UpdatePullThroughCacheRule", parameters)
    outcome = "taken" if success(response) is not None else f"answered {describe(response)}"
    observe.append(f"an unknown secret for an upstream that needs none is {outcome}")


@rule(
    "registry.pull-through-validated",
    level=SHOULD,
    operations=["ValidatePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        documented(
            "ValidatePullThroughCacheRule.isValid",
            "Whether or not the pull through cache rule was validated.",
        ),
        _PREFIX,
    ],
)
def test_validation_says_whether_a_rule_is_valid(registry: Registry) -> None:
    """ValidatePullThroughCacheRule answers with the rule and whether it is valid."""
    prefix = _make(registry)
    answer = registry.call("ValidatePullThroughCacheRule", ecrRepositoryPrefix=prefix)
    found, wanted = _what(answer), (prefix, _UPSTREAM)
    assert found == wanted, f"ValidatePullThroughCacheRule: expected {wanted}, got {found}"
    valid = answer.get("isValid")
    assert isinstance(valid, bool), f"ValidatePullThroughCacheRule: isValid is {valid!r}"


@rule(
    "registry.pull-through-delete-answers",
    level=MUST,
    operations=["DeletePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        documented(
            "DeletePullThroughCacheRule.ecrRepositoryPrefix",
            "The Amazon ECR repository prefix associated with the request.",
        ),
        _URL,
    ],
)
def test_delete_answers_with_the_rule(registry: Registry) -> None:
    """DeletePullThroughCacheRule answers with the prefix and upstream URL of what it deleted."""
    prefix = _make(registry)
    answer = registry.call("DeletePullThroughCacheRule", ecrRepositoryPrefix=prefix)
    found, wanted = _what(answer), (prefix, _UPSTREAM)
    assert found == wanted, f"DeletePullThroughCacheRule: expected {wanted}, got {found}"


@rule(
    "registry.pull-through-deleted-gone",
    level=MUST,
    operations=["DeletePullThroughCacheRule"],
    services=["ecr"],
    evidence=[
        documented("DeletePullThroughCacheRule", "Deletes a pull through cache rule."),
        _MISSING,
    ],
)
def test_a_deleted_rule_is_gone(registry: Registry) -> None:
    """A deleted pull through cache rule is gone, and the rule of another prefix is not."""
    prefix, other = _make(registry), _make(registry, "-two")
    registry.call("DeletePullThroughCacheRule", ecrRepositoryPrefix=prefix)

    def observe() -> None:
        assert not _exists(registry, prefix), "the deleted pull through cache rule is still there"
        assert _exists(registry, other), "the pull through cache rule of another prefix is gone"

    registry.eventually(observe)


@rule(
    "registry.pull-through-deleted-twice",
    level=MUST,
    operations=["DeletePullThroughCacheRule"],
    services=["ecr"],
    evidence=[_MISSING],
)
def test_deleting_a_rule_again_is_refused(registry: Registry) -> None:
    """Deleting a pull through cache rule again is PullThroughCacheRuleNotFoundException."""
    prefix = _make(registry)
    registry.given("DeletePullThroughCacheRule", ecrRepositoryPrefix=prefix)
    registry.refused("DeletePullThroughCacheRule", NOT_FOUND, ecrRepositoryPrefix=prefix)
