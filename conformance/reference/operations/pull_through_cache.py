"""Pull through cache rules: which repositories mirror which upstream registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html

The rules are kept and given back. No upstream is asked here and no secret read, so every secret
exists, can be read, and lets its holder in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.operations.roles import require_own_role
from conformance.reference.operations.upstreams import upstream_of
from conformance.reference.pagination import page
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, without

MAXIMUM_RULES = 50
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"""

Rule = Mapping[str, Any]
"""The ``PullThroughCacheRule`` of an answer (API_PullThroughCacheRule)."""


def create_pull_through_cache_rule(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Add a rule; repositories that mirror get its prefix.

    "When this field isn't specified, Amazon ECR will use the ROOT"
    (API_CreatePullThroughCacheRule), of ``upstreamRepositoryPrefix``.
    """
    upstream = upstream_of(given, call)
    require_own_role(given, call)
    _require_new(registry, given, call)
    now = call.now_in_milliseconds
    rule: Rule = {
        "upstreamRepositoryPrefix": "ROOT",
        **given,
        "registryId": call.key.account,
        "upstreamRegistry": upstream,
        "createdAt": now,
        "updatedAt": now,
    }
    return _having(registry, rule), _except(rule, "updatedAt")


def update_pull_through_cache_rule(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Give a rule another secret or role; what is not given stays.

    "Updates an existing pull through cache rule" (API_UpdatePullThroughCacheRule). That one of the
    two has to be given is not documented.
    """
    require_own_role(given, call)
    rule = _existing(registry, given["ecrRepositoryPrefix"], call)
    changes = {name: given[name] for name in ("credentialArn", "customRoleArn") if name in given}
    updated = {**rule, **changes, "updatedAt": call.now_in_milliseconds}
    answer = _except(updated, "createdAt", "upstreamRegistry", "upstreamRegistryUrl")
    return _having(registry, updated), answer


def delete_pull_through_cache_rule(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Delete a rule and answer with it.

    "Deletes a pull through cache rule" (API_DeletePullThroughCacheRule).
    """
    rule = _existing(registry, given["ecrRepositoryPrefix"], call)
    rules = without(registry.settings.pull_through, _key(rule["ecrRepositoryPrefix"]))
    return registry.set(pull_through=rules), _except(rule, "updatedAt", "upstreamRegistry")


def describe_pull_through_cache_rules(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The rules of the prefixes named, or all, in pages.

    "If no repository prefix value is specified, all pull through cache rules are returned"
    (API_DescribePullThroughCacheRules). A prefix without a rule fails the whole call.
    """
    rules = registry.settings.pull_through
    if "ecrRepositoryPrefixes" in given:
        named = [_existing(registry, each, call) for each in given["ecrRepositoryPrefixes"]]
        rules = {_key(rule["ecrRepositoryPrefix"]): rule for rule in named}
    shown, more = page(rules, given, call)
    return registry, {"pullThroughCacheRules": shown, **more}


def validate_pull_through_cache_rule(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """A rule and whether its upstream can be reached, which here it always can.

    "If true, Amazon ECR was able to reach the upstream registry and authentication was successful"
    (API_ValidatePullThroughCacheRule).
    """
    rule = _existing(registry, given["ecrRepositoryPrefix"], call)
    answer = _except(rule, "createdAt", "updatedAt", "upstreamRegistry")
    return registry, {**answer, "isValid": True}


def _key(prefix: str) -> str:
    """What tells rules apart: "There is always an assumed / applied to the end of the prefix"."""
    return prefix.removesuffix("/")


def _having(registry: Registry, rule: Rule) -> Registry:
    rules = registry.settings.pull_through
    return registry.set(pull_through={**rules, _key(rule["ecrRepositoryPrefix"]): rule})


def _except(rule: Rule, *members: str) -> Answer:
    return {name: value for name, value in rule.items() if name not in members}


def _require_new(registry: Registry, given: Parameters, call: Call) -> None:
    """Refuse a second rule of one prefix, and one too many.

    PullThroughCacheRuleAlreadyExistsException: "A pull through cache rule with these settings
    already exists for the private registry". The texts are not public.
    """
    rules, prefix = registry.settings.pull_through, given["ecrRepositoryPrefix"]
    if _key(prefix) in rules:
        raise Refusal(
            "PullThroughCacheRuleAlreadyExistsException",
            f"A pull through cache rule with prefix '{prefix}' already exists in the registry with "
            f"id '{call.key.account}'",
        )
    if len(rules) >= MAXIMUM_RULES:
        raise Refusal("LimitExceededException", f"A registry has at most {MAXIMUM_RULES} rules")


def _existing(registry: Registry, prefix: str, call: Call) -> Rule:
    """The rule of a prefix, or ``PullThroughCacheRuleNotFoundException``.

    "The pull through cache rule was not found". The text is not public.
    """
    rule = registry.settings.pull_through.get(_key(prefix))
    if rule is None:
        raise Refusal(
            "PullThroughCacheRuleNotFoundException",
            f"A pull through cache rule with prefix '{prefix}' does not exist in the registry with "
            f"id '{call.key.account}'",
        )
    return rule
