"""What holds for the shape of every answer of both services."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from conformance.contract import Contract, Violation, judge_error, judge_output, load_contract
from conformance.contract.violation import KINDS, Kind
from conformance.suite.evidence import documented, model, recorded
from conformance.suite.exchange_rules import (
    answer_of,
    error_of,
    exchange_rule,
    has_members,
    is_success,
)
from conformance.suite.verdicts import MUST, SHOULD
from conformance.suite.walk import WALKED_OPERATIONS
from conformance.transport.exchange import Exchange, Response

_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
_SHOWN = [
    documented(
        "AWS CLI examples",
        "the example outputs of the operations have these members",
        url="https://github.com/aws/aws-cli/tree/develop/awscli/examples",
    ),
    documented(
        "API reference",
        "sample responses have these members, or what is said of them leaves no other reading",
        url="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html",
    ),
]


_SCHEMA: tuple[Kind, ...] = ("schema",)
_OTHERS = tuple(kind for kind in KINDS if kind not in _SCHEMA)


def _violations(
    contract: Contract, exchange: Exchange, kind: Kind, level: str | None = None
) -> Iterator[str]:
    """What the contract says against an answer's body; nothing of a body that is no object.

    ``kind`` and ``level`` are those of ``Violation``; without ``level`` both levels count. What
    breaks the schema is looked for apart, because most rules ask for something else.
    """
    kinds = _SCHEMA if kind in _SCHEMA else _OTHERS
    for violation in _judged(contract.service, exchange.operation, exchange.answer, kinds):
        if violation.kind == kind and level in (None, violation.level):
            yield f"{violation.pointer or '/'}: {violation.message}"


@lru_cache(maxsize=256)
def _judged(
    service: str, operation: str, response: Response, kinds: tuple[Kind, ...]
) -> list[Violation]:
    """The violations of one answer, found once for all the rules that ask."""
    answer = answer_of(response)
    if answer is not None:
        return judge_output(load_contract(service), operation, answer, kinds)
    return _judged_error(service, operation, response)


@lru_cache(maxsize=256)
def _judged_error(service: str, operation: str, response: Response) -> list[Violation]:
    """Those of an error, whatever their kinds: it is small, and judged whole."""
    error = error_of(response)
    if error is None:
        return []
    return judge_error(load_contract(service), operation, dict(error.members))


@exchange_rule(
    "shapes.types",
    level=MUST,
    operations=WALKED_OPERATIONS,
    concerns=has_members,
    evidence=[model("output shapes", "each member has a type; timestamps are JSON numbers")],
)
def test_every_member_has_its_type(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every member of an answer has the JSON type of its shape in the service model."""
    return _violations(contract, exchange, "schema")


@exchange_rule(
    "shapes.presence",
    level=MUST,
    operations=WALKED_OPERATIONS,
    concerns=has_members,
    evidence=[
        recorded(
            "every recording",
            "members that real answers always carry, listed with their sources in presence.json",
            _PLACEBO,
        ),
        *_SHOWN,
    ],
)
def test_what_is_always_there_is_there(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every answer has the members that AWS's answers always have."""
    return _violations(contract, exchange, "presence", level="must")


@exchange_rule(
    "shapes.usual-members",
    level=SHOULD,
    operations=WALKED_OPERATIONS,
    concerns=is_success,
    evidence=_SHOWN,
)
def test_what_is_usually_there_is_there(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every success has the members that AWS's documentation says it usually has."""
    return _violations(contract, exchange, "presence", level="should")


@exchange_rule(
    "shapes.later-members",
    level=SHOULD,
    operations=WALKED_OPERATIONS,
    concerns=is_success,
    evidence=[model("output shapes", "members that AWS added over the years")],
)
def test_later_members_are_there(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every answer has the members that AWS added to its answers over the years."""
    return _violations(contract, exchange, "presence-later")


@exchange_rule(
    "shapes.no-undocumented-members",
    level=SHOULD,
    operations=WALKED_OPERATIONS,
    concerns=has_members,
    evidence=[model("output shapes", "an answer's members are those of its shape")],
)
def test_no_member_is_made_up(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """No answer has a member that the service model does not know."""
    return _violations(contract, exchange, "undocumented")


@exchange_rule(
    "shapes.no-nulls",
    level=SHOULD,
    operations=WALKED_OPERATIONS,
    concerns=has_members,
    evidence=[
        recorded(
            "DescribeRepositories, DescribeImages",
            "absent members are left out, never null",
            f"{_PLACEBO}/test_ecr_no_policy",
        )
    ],
)
def test_absent_members_are_left_out(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """A member without a value is left out rather than null."""
    return _violations(contract, exchange, "null")
