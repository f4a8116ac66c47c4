"""What a scenario's registry makes of answers, and what is left of a scenario in the target."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from scenario_registry import ENDPOINT, registry_of

from conformance.reference import Behaviour, ReferenceTransport
from conformance.reference.operations.replication_backfills import PREPARATION
from conformance.suite.cleanup import Cleanup
from conformance.suite.outcomes import Unsupported, Untestable, Withheld
from conformance.suite.registry import Registry
from conformance.suite.running.capability import Capability
from conformance.suite.topics.backfills import COMPLETE, begin, completed, configured
from conformance.suite.topics.registry_settings import Known, settings_put_back
from conformance.transport import Response
from conformance.transport.clock import SkippingClock
from conformance.transport.wire import WireClient

LACKED = "StartReplicationBackfill"


def answering(*answers: tuple[int, bytes]) -> Callable[[Any], Response]:
    """A transport that gives one answer after the other."""
    given = iter(answers)
    return lambda _: Response(*_with_headers(*next(given)))


def _with_headers(status: int, body: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    return status, (("Content-Type", "text/html"),), body


CRASH = (500, b"<p>Internal Server Error</p>")


def test_an_operation_that_nobody_tried_turns_out_to_be_lacking() -> None:
    """An answer like that to a made-up operation says that this one is lacking, too."""
    with pytest.raises(Unsupported, match="does not implement StartReplicationBackfill"):
        registry_of(answering(CRASH), LACKED).call(LACKED)
    with pytest.raises(Untestable, match="prerequisite StartReplicationBackfill failed"):
        registry_of(answering(CRASH)).call(LACKED)


def test_an_operation_that_answered_before_is_there() -> None:
    """What was answered once and then crashes is a crash."""
    registry = registry_of(answering((200, b"{}"), CRASH), LACKED)
    registry.call(LACKED)
    with pytest.raises(AssertionError, match="expected success, got HTTP 500"):
        registry.call(LACKED)


def test_what_was_made_by_name_is_deleted() -> None:
    """Rules, templates and exclusions go after the scenario, like repositories."""
    registry = registry_of(ReferenceTransport.seeded(1))
    registry.call("CreateRepository", repositoryName="a-name")
    upstream = {"upstreamRegistryUrl": "public.ecr.aws"}
    registry.call("CreatePullThroughCacheRule", ecrRepositoryPrefix="a-prefix", **upstream)
    registry.call("CreateRepositoryCreationTemplate", prefix="a-prefix", appliedFor=["REPLICATION"])
    principal = "arn:aws:iam::123456789012:role/a-role"
    registry.call("RegisterPullTimeUpdateExclusion", principalArn=principal)
    assert Cleanup(registry).delete_everything() == []
    assert registry.call("DescribeRepositories") == {"repositories": []}
    assert registry.call("DescribePullThroughCacheRules") == {"pullThroughCacheRules": []}
    templates = registry.call("DescribeRepositoryCreationTemplates")["repositoryCreationTemplates"]
    assert templates == []
    exclusions = registry.call("ListPullTimeUpdateExclusions")
    assert exclusions == {"pullTimeUpdateExclusions": []}


def test_what_was_refused_is_not_deleted() -> None:
    """A rule that was refused, because another has its prefix, is not the scenario's to delete."""
    reference = ReferenceTransport.seeded(1)
    rule = {"ecrRepositoryPrefix": "a-prefix", "upstreamRegistryUrl": "public.ecr.aws"}
    registry_of(reference).call("CreatePullThroughCacheRule", **rule)
    scenario = registry_of(reference)
    scenario.refused(
        "CreatePullThroughCacheRule", "PullThroughCacheRuleAlreadyExistsException", **rule
    )
    assert Cleanup(scenario).delete_everything() == []
    assert len(scenario.call("DescribePullThroughCacheRules")["pullThroughCacheRules"]) == 1


def test_a_log_beside_another_is_cleaned_up_apart() -> None:
    """What was made in the other service is deleted there, and nowhere else."""
    reference = ReferenceTransport.seeded(1)
    private, public = registry_of(reference), registry_of(reference, service="ecr-public")
    log = private.log.beside("ecr-public")
    client = WireClient(public.contract, log, ENDPOINT, "us-east-1")
    public = replace(public, log=log, client=client)
    for registry in (private, public):
        registry.call("CreateRepository", repositoryName="a-name")
    assert [each.service for each in private.log.exchanges] == ["ecr", "ecr-public"]
    assert Cleanup(public).delete_everything() == []
    assert public.call("DescribeRepositories") == {"repositories": []}
    assert len(private.call("DescribeRepositories")["repositories"]) == 1
    assert Cleanup(private).delete_everything() == []
    assert private.call("DescribeRepositories") == {"repositories": []}


def test_a_registry_asks_in_another_region() -> None:
    """Requests that are signed for another Region go to the registry there."""
    registry = registry_of(ReferenceTransport.seeded(1))
    registry.call("CreateRepository", repositoryName="a-name")
    elsewhere = registry.signed_for("eu-west-1")
    assert elsewhere.call("DescribeRepositories") == {"repositories": []}
    assert len(registry.log.exchanges) == 2


POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Replicate",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": ["ecr:ReplicateImage"],
            "Resource": "*",
        }
    ],
}


def change_everything(registry: Registry) -> None:
    """Set every setting of a registry to something."""
    registry.call("PutRegistryPolicy", policyText=json.dumps(POLICY))
    rule = {"destinations": [{"region": "us-west-2", "registryId": "123456789012"}]}
    registry.call("PutReplicationConfiguration", replicationConfiguration={"rules": [rule]})
    filters = [{"filter": "app", "filterType": "WILDCARD"}]
    scan = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": filters}
    registry.call("PutRegistryScanningConfiguration", scanType="BASIC", rules=[scan])
    profile = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/mine"
    registry.call(
        "PutSigningConfiguration",
        signingConfiguration={"rules": [{"signingProfileArn": profile}]},
    )
    registry.call("PutAccountSetting", name="BLOB_MOUNTING", value="ENABLED")


@pytest.mark.parametrize("set_before", [False, True], ids=["unset", "set"])
def test_settings_of_a_registry_are_put_back(*, set_before: bool) -> None:
    """After a scenario every setting is what it was, set or not."""
    reference = ReferenceTransport.seeded(1)
    if set_before:
        change_everything(registry_of(reference))
    before = dict(reference.world)
    scenario = registry_of(reference)
    with settings_put_back(scenario, {}) as complaints:
        change_everything(scenario)
        scenario.call("DeleteRegistryPolicy")
        scenario.call("DeleteSigningConfiguration")
        scenario.call("PutAccountSetting", name="BLOB_MOUNTING", value="DISABLED")
        scenario.call("PutReplicationConfiguration", replicationConfiguration={"rules": []})
    assert complaints == []
    (after,) = reference.world.values()
    asked = registry_of(reference)
    for operation in ("DescribeRegistry", "GetRegistryScanningConfiguration"):
        assert asked.call(operation) == registry_of(_world(before)).call(operation)
    assert (after.settings.policy is not None) is set_before
    assert (after.settings.signing is not None) is set_before
    assert (after.settings.accounts.get("BLOB_MOUNTING") == "ENABLED") is set_before


def _world(world: dict[Any, Any]) -> ReferenceTransport:
    return ReferenceTransport(world=world)


def test_a_setting_that_cannot_be_put_back_is_told() -> None:
    """Where a setting stays changed, a sentence says which."""
    reference = ReferenceTransport.seeded(1)

    def forgetful(request: Any) -> Response:
        if b"PutAccountSetting" in request.headers["X-Amz-Target"].encode() and done:
            return Response(200, (), b"{}")
        return reference(request)

    done: list[bool] = []
    registry = registry_of(forgetful)
    with settings_put_back(registry, {}) as complaints:
        registry.call("PutAccountSetting", name="BLOB_MOUNTING", value="ENABLED")
        done.append(True)
    told = "ecr: PutAccountSetting did not put back what GetAccountSetting gave"
    assert complaints == [told]


def lagging(reference: ReferenceTransport, clock: SkippingClock) -> Registry:
    """A registry of a target whose reads may lag."""
    made = registry_of(reference, clock=clock)
    return replace(made, target=replace(made.target, consistency="eventual"))


def test_a_stale_setting_is_not_put_back() -> None:
    """Where reads lag, a setting is put back to what it was before the scenario before."""
    clock = SkippingClock()
    reference = ReferenceTransport(behaviour=Behaviour(lag=5.0), clock=clock.time)
    known: Known = {}
    for value in ("ENABLED", "DISABLED") * 5:
        registry = lagging(reference, clock)
        with settings_put_back(registry, known) as complaints:
            registry.call("PutAccountSetting", name="BLOB_MOUNTING", value=value)
        assert complaints == []
        (after,) = reference.world.values()
        assert after.settings.accounts.get("BLOB_MOUNTING") != "ENABLED"


def test_what_others_set_is_kept() -> None:
    """A setting that somebody changed between two scenarios stays as it was changed."""
    clock = SkippingClock()
    reference = ReferenceTransport(behaviour=Behaviour(lag=5.0), clock=clock.time)
    known: Known = {}
    for value in ("DISABLED", "ENABLED"):
        registry_of(reference).call("PutAccountSetting", name="BLOB_MOUNTING", value=value)
        clock.sleep(60.0)
        registry = lagging(reference, clock)
        with settings_put_back(registry, known):
            registry.call("PutAccountSetting", name="BLOB_MOUNTING", value="DISABLED")
        (after,) = reference.world.values()
        assert after.settings.accounts["BLOB_MOUNTING"] == value


def test_a_read_that_has_to_succeed_is_given_time() -> None:
    """Where reads lag, a call that only reads is repeated until it is answered as it has to be."""
    clock = SkippingClock()
    reference = ReferenceTransport(behaviour=Behaviour(lag=5.0), clock=clock.time)
    registry = lagging(reference, clock)
    name = {"repositoryName": "any"}
    registry.call("CreateRepository", **name)
    registry.call("DescribeRepositories", repositoryNames=["any"])
    registry.call("DeleteRepository", **name)
    registry.refused("ListImages", "RepositoryNotFoundException", **name)


def test_a_change_is_never_repeated() -> None:
    """Where reads lag, a change that is not answered as it has to be is not sent again."""
    clock = SkippingClock()
    registry = lagging(ReferenceTransport(clock=clock.time), clock)
    with pytest.raises(Untestable):
        registry.call("DeleteRepository", repositoryName="any")
    assert len(registry.log.exchanges) == 1


def test_nobody_waits_for_what_is_lacking() -> None:
    """What the target said it lacks is not waited for."""
    clock = SkippingClock()
    registry = lagging(ReferenceTransport(clock=clock.time), clock)
    lacking = Capability(lacking={"ListImages": "no"})
    registry = replace(registry, capability=lacking)
    began = clock.monotonic()
    with pytest.raises(Withheld):
        registry.call("ListImages", repositoryName="any")
    assert clock.monotonic() < began + 1.0


def test_attempts_are_further_and_further_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target behind a port is asked again after pauses that grow, until patience is at an end."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(time, "sleep", pauses.append)
    registry = registry_of(answering())
    assert len(list(registry.attempts(30.0, pause=1.0))) == len(pauses) + 1
    assert pauses[:3] == pytest.approx([1.0, 1.2, 1.44])
    assert max(pauses) == 2.0
    assert 30.0 < sum(pauses) <= 32.0


def test_nobody_waits_for_a_target_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a target in this process takes time for is done once somebody would wait for it."""
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("somebody slept"))
    clock = SkippingClock()
    registry = registry_of(ReferenceTransport(clock=clock.time), clock=clock)
    backfill = begin(registry, configured(registry))
    before = clock.time()
    assert completed(registry, backfill)["status"] == COMPLETE
    assert clock.time() - before >= PREPARATION
