"""Redacting what the suite does changes neither what is sent nor how answers are judged."""

from __future__ import annotations

from itertools import chain

import pytest
from botocore.credentials import Credentials
from readings import readings

from conformance.contract import load_contract
from conformance.reference import ReferenceTransport
from conformance.suite.both import test_exchanges, test_shapes  # noqa: F401 -- declare the rules
from conformance.suite.exchange_rules import exchange_rules
from conformance.suite.walk import Memory, aftermath, program
from conformance.transport.exchange import Exchange, parse_json
from conformance.transport.log import ExchangeLog
from conformance.transport.redaction import Redactor
from conformance.transport.wire import WireClient

OWN, EXAMPLE = "210987654321", "123456789012"
PREFIX, NEUTRAL = "ecrc-1a2b3c4d", "ecrc-00000007"


def walk(service: str, account: str, prefix: str) -> list[Exchange]:
    """What the suite asks a service in an account, which the reference takes from the key."""
    contract = load_contract(service)
    log = ExchangeLog(ReferenceTransport.seeded(1), service)
    client = WireClient(
        contract, log, "https://ecr.example.com", "us-east-1", Credentials(account, "secret")
    )
    memory: Memory = {}
    name = f"{prefix}-walk"
    for step in chain(
        program(contract, name, name, memory), aftermath(contract, name, name, memory)
    ):
        step.take(client)
    return log.exchanges


def redacted(exchanges: list[Exchange]) -> list[Exchange]:
    redactor = Redactor(
        words={PREFIX: NEUTRAL}, own_account=OWN, salt=b"known to the tests", own_names="ecrc-"
    )
    redactor.learn(exchanges)
    return [redactor(exchange) for exchange in exchanges]


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_a_replay_asks_what_is_recorded(service: str) -> None:
    """The recorded requests are those of a run in the example account with the neutral prefix."""
    recorded = redacted(walk(service, OWN, PREFIX))
    replayed = walk(service, EXAMPLE, NEUTRAL)
    assert [each.request.body for each in recorded] == [each.request.body for each in replayed]
    assert len(recorded) > 30


MADE = {
    "ecr": {"authorizationToken", "downloadUrl"},
    "ecr-public": {"authorizationToken", "repositoryUri", "registryUri", "aliases"},
}
"""What the reference makes of a secret and the account, such as the alias of a public registry."""


def stable(service: str, value: object) -> object:
    """An answer without what is made anew."""
    if isinstance(value, list):
        return [stable(service, each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: stable(service, each) for key, each in value.items() if key not in MADE[service]}


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_a_recording_answers_as_a_replay_expects(service: str) -> None:
    """So are the answers: names, digests, ARNs and policies refer to each other as before."""
    recorded = redacted(walk(service, OWN, PREFIX))
    replayed = walk(service, EXAMPLE, NEUTRAL)
    for old, new in zip(recorded, replayed, strict=True):
        came, expected = (parse_json(each.answer.body) for each in (old, new))
        assert stable(service, came) == stable(service, expected)


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_a_walk_leaves_nothing(service: str) -> None:
    """Neither the account nor the run is told by what is written of a whole walk."""
    for exchange in redacted(walk(service, OWN, PREFIX)):
        for body in (exchange.request.body, exchange.answer.body):
            for reading in readings(body):
                assert OWN.encode() not in reading
                assert PREFIX.encode() not in reading


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_exchanges_are_judged_as_before(service: str) -> None:
    """Every rule of exchanges finds the same in a recording as in what was recorded."""
    contract = load_contract(service)
    before = walk(service, OWN, PREFIX)
    judged = 0
    for old, new in zip(before, redacted(before), strict=True):
        assert new != old
        for rule in exchange_rules().values():
            assert rule.complaint(contract, new) == rule.complaint(contract, old)
            judged += 1
    assert judged > 200
