"""Copying the images that were there before replication was configured."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from clock import Clock, client_at
from pushing import push

from conformance.reference.operations.replication_backfills import PREPARATION, RETENTION
from conformance.suite.artifacts import docker_image, docker_list

ACCOUNT = "123456789012"
PARIS = {"region": "eu-west-3", "registryId": ACCOUNT}
REGIONS = [f"xx-north-{number}" for number in range(12)]
IMAGE = docker_image("there before")
LIST = docker_list([IMAGE])
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def ecr(clock: Clock) -> Any:
    """A client of a registry that is replicated to Paris and to a dozen other Regions."""
    client = client_at(clock)
    elsewhere = [{"region": region, "registryId": ACCOUNT} for region in REGIONS]
    prefixed = [{"filter": "prod", "filterType": "PREFIX_MATCH"}]
    rules = [{"destinations": [PARIS], "repositoryFilters": prefixed}, {"destinations": elsewhere}]
    client.put_replication_configuration(replicationConfiguration={"rules": rules})
    return client


def _start(ecr: Any, **destination: str) -> str:
    started = ecr.start_replication_backfill(destination={**PARIS, **destination})
    backfill: str = started["replicationBackfillId"]
    return backfill


def _describe(ecr: Any, backfill: str, **more: Any) -> Any:
    return ecr.describe_replication_backfill_results(replicationBackfillId=backfill, **more)


def _fill(ecr: Any) -> None:
    for name in ("production", "dev"):
        ecr.create_repository(repositoryName=name)
        push(ecr, name, IMAGE)
        push(ecr, name, LIST, "v1", "v2")


def test_a_new_backfill_is_preparing(ecr: Any) -> None:
    """The answer to a start names the backfill, without progress or end."""
    started = ecr.start_replication_backfill(destination=PARIS)
    assert started["registryId"] == ACCOUNT
    assert started["destination"] == PARIS
    assert started["status"] == "PREPARING"
    described = _describe(ecr, started["replicationBackfillId"])
    assert described["startedAt"] == started["startedAt"]
    assert described["results"] == []
    assert not {"progress", "endedAt", "failureCode"} & described.keys()


def test_a_complete_backfill_has_a_result_for_each_image_and_tag(ecr: Any, clock: Clock) -> None:
    """Tags count each, an image without tags once, and repositories that no rule is about not."""
    _fill(ecr)
    backfill = _start(ecr)
    clock.now += PREPARATION
    described = _describe(ecr, backfill)
    assert described["status"] == "COMPLETE"
    assert (described["endedAt"] - described["startedAt"]).total_seconds() == PREPARATION
    assert described["progress"] == {
        "totalReplicationCount": 3,
        "completedReplicationCount": 3,
        "failedReplicationCount": 0,
        "failureCodes": [],
    }
    assert {each["repositoryName"] for each in described["results"]} == {"production"}
    found = {each["imageId"].get("imageTag"): each for each in described["results"]}
    assert found["v1"]["imageId"]["imageDigest"] == LIST.digest
    assert found["v2"]["subImageFailureCodes"] == []
    assert found[None]["imageId"] == {"imageDigest": IMAGE.digest}
    assert "subImageFailureCodes" not in found[None]


def test_results_are_filtered_and_come_in_pages(ecr: Any, clock: Clock) -> None:
    """All have succeeded, and none is on two pages."""
    _fill(ecr)
    backfill = _start(ecr)
    clock.now += PREPARATION
    assert _describe(ecr, backfill, resultStatusFilter="FAILED")["results"] == []
    whole = _describe(ecr, backfill, resultStatusFilter="COMPLETE")
    first = _describe(ecr, backfill, maxResults=2)
    rest = _describe(ecr, backfill, nextToken=first["nextToken"])
    assert first["results"] + rest["results"] == whole["results"]
    assert "nextToken" not in whole.keys() | rest.keys()


def test_what_comes_later_is_none_of_the_backfills_business(ecr: Any, clock: Clock) -> None:
    """A backfill is about the images there were when it started, be they deleted since."""
    _fill(ecr)
    backfill = _start(ecr)
    ecr.delete_repository(repositoryName="production", force=True)
    clock.now += PREPARATION
    assert _describe(ecr, backfill)["progress"]["totalReplicationCount"] == 3


def test_a_destination_has_to_be_configured(ecr: Any) -> None:
    """A destination that no rule has, by Region or by account, is an invalid parameter."""
    for other in ({"region": "us-east-2"}, {"registryId": "111122223333"}):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            _start(ecr, **other)


def test_a_region_has_one_backfill_in_progress(ecr: Any, clock: Clock) -> None:
    """A second one has to wait until the first has ended or was stopped."""
    first = _start(ecr)
    with pytest.raises(ClientError, match="ReplicationBackfillInProgressException"):
        _start(ecr)
    ecr.stop_replication_backfill(replicationBackfillId=first)
    _start(ecr)
    clock.now += PREPARATION
    _start(ecr)


def test_a_registry_has_ten_backfills_in_progress(ecr: Any) -> None:
    """An eleventh is over the limit."""
    for region in REGIONS[:10]:
        _start(ecr, region=region)
    with pytest.raises(ClientError, match="LimitExceededException"):
        _start(ecr, region=REGIONS[10])


def test_a_backfill_is_stopped_at_once(ecr: Any, clock: Clock) -> None:
    """One that is stopped while it prepares ends there, without progress or results."""
    _fill(ecr)
    backfill = _start(ecr)
    clock.now += PREPARATION / 2
    assert ecr.stop_replication_backfill(replicationBackfillId=backfill)["status"] == "STOPPED"
    clock.now += PREPARATION
    described = _describe(ecr, backfill)
    assert described["status"] == "STOPPED"
    assert described["results"] == []
    assert "progress" not in described
    assert (described["endedAt"] - described["startedAt"]).total_seconds() == PREPARATION / 2


def test_what_has_ended_is_not_stopped(ecr: Any, clock: Clock) -> None:
    """A backfill that is complete, or stopped already, is in no status to be stopped."""
    complete = _start(ecr)
    clock.now += PREPARATION
    stopped = _start(ecr)
    ecr.stop_replication_backfill(replicationBackfillId=stopped)
    for backfill in (complete, stopped):
        with pytest.raises(ClientError, match="ReplicationBackfillInvalidStatusException"):
            ecr.stop_replication_backfill(replicationBackfillId=backfill)


def test_an_unknown_backfill_is_not_found(ecr: Any) -> None:
    """An id that was never given out names nothing to describe or to stop."""
    with pytest.raises(ClientError, match="ReplicationBackfillNotFoundException"):
        _describe(ecr, UNKNOWN)
    with pytest.raises(ClientError, match="ReplicationBackfillNotFoundException"):
        ecr.stop_replication_backfill(replicationBackfillId=UNKNOWN)


def test_backfills_are_listed_in_pages_of_25(ecr: Any, clock: Clock) -> None:
    """Without maxResults a page ends after 25, and every backfill is on exactly one page."""
    assert ecr.list_replication_backfills()["backfills"] == []
    backfills = []
    for _ in range(26):
        backfills.append(_start(ecr))
        clock.now += PREPARATION
    first = ecr.list_replication_backfills()
    rest = ecr.list_replication_backfills(nextToken=first["nextToken"])
    assert (len(first["backfills"]), len(rest["backfills"])) == (25, 1)
    listed = [each["replicationBackfillId"] for each in first["backfills"] + rest["backfills"]]
    assert sorted(listed) == sorted(backfills)
    assert first["backfills"][0]["progress"]["totalReplicationCount"] == 0


def test_a_backfill_is_forgotten_after_90_days(ecr: Any, clock: Clock) -> None:
    """90 days after its end a backfill is neither listed nor found."""
    backfill = _start(ecr)
    clock.now += PREPARATION + RETENTION
    assert len(ecr.list_replication_backfills()["backfills"]) == 1
    clock.now += 1
    assert ecr.list_replication_backfills()["backfills"] == []
    with pytest.raises(ClientError, match="ReplicationBackfillNotFoundException"):
        _describe(ecr, backfill)
