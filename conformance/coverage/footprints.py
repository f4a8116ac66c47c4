"""What the rules were seen to ask of a target, in a run of the whole suite against the reference.

The run is as on a target that is somebody's: what it makes carries the tag.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import pytest
from botocore.awsrequest import AWSPreparedRequest

from conformance.contract import load_contract
from conformance.reference.protocol import caller_of
from conformance.reference.required_permissions import required_permissions
from conformance.suite.running.assignment import ASSIGNMENT, Assignment
from conformance.suite.running.footprint import Footprint, Footprints
from conformance.suite.running.outgoing import THROUGH
from conformance.suite.running.permissions import REGISTRY_WIDE
from conformance.suite.running.scenes import arrangement_scene, walk_scene
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response
from conformance.transport.prepared import read
from conformance.transport.wire import LOCAL_CREDENTIALS

_REPOSITORY = re.compile("arn:[^:]+:ecr(-public)?:[^:]*:[^:]*:repository/(?P<name>.*)", re.DOTALL)
_RETIRE = "kms:RetireGrant"
"""Needed to delete what was encrypted by a key of KMS
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html)."""


def footprint_of(request: Request) -> Footprint:
    """What one request asks. What is asked as somebody else needs none of the owner's leave."""
    caller = caller_of(request)
    if caller.key != LOCAL_CREDENTIALS.access_key:
        return Footprint(requests=1)
    by_kind: dict[str, set[str]] = {"own": set(), "impossible": set(), "beyond": set()}
    needed = required_permissions(request, caller)
    for action, resource in needed:
        by_kind[_kind(action, resource)].add(action)
    makes = any(action.endswith(":CreateRepository") for action, _ in needed)
    if makes and b'"encryptionType": "KMS' in request.body:
        by_kind["beyond"].add(_RETIRE)
    return Footprint(1, int(makes), **{kind: frozenset(found) for kind, found in by_kind.items()})


def _kind(action: str, resource: str) -> str:
    repository = _REPOSITORY.fullmatch(resource)
    if repository is None:
        return "beyond"
    if repository["name"].startswith("ecrc-"):
        return "own"
    return "impossible" if _is_impossible(repository["name"], action) else "beyond"


def _is_impossible(name: str, action: str) -> bool:
    """Whether no repository has that name; * stands for none at all, which most have to name."""
    service, _, operation = action.partition(":")
    contract = load_contract(service)
    if name == "*":
        return "repositoryName" in contract.shapes[contract.operation(operation).input].required
    shape = contract.shapes["RepositoryName"]
    fits = re.fullmatch(shape.pattern or ".*", name) is not None
    return not (fits and (shape.minimum or 0) <= len(name) <= (shape.maximum or len(name)))


@dataclass(slots=True)
class FootprintObserver:
    """A pytest plugin that reads what is asked of the target, by scenario and by shared part."""

    _asked: dict[str, list[Footprint]] = field(default_factory=lambda: defaultdict(list))
    _scenarios: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def through(self, name: str, transport: Transport) -> Transport:
        """The transport, on whose way to the target requests are read."""

        def noting(request: AWSPreparedRequest, /) -> Response:
            self._asked[name].append(footprint_of(read(request)))
            return transport(request)

        return noting

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Read what leaves the scenarios."""
        config.stash[THROUGH] = self.through

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """Remember whose scenario it is, and what it shares."""
        if ASSIGNMENT in item.stash:
            assignment = item.stash[ASSIGNMENT]
            shares = frozenset(_shared(assignment, getattr(item, "fixturenames", ())))
            self._scenarios[assignment.check_id] = (assignment.rule.id, shares)
        return (yield)

    @property
    def footprints(self) -> Footprints:
        """What was asked until now."""
        ordinary: dict[str, Footprint] = defaultdict(Footprint)
        changing: dict[str, Footprint] = defaultdict(Footprint)
        for name, asked in self._asked.items():
            if name in self._scenarios:
                rule, shares = self._scenarios[name]
                whole = sum(asked, Footprint(shares=shares & self._asked.keys()))
                (changing if _changes(whole) else ordinary)[rule] += whole
            else:
                for each in asked:
                    (changing if _changes(each) else ordinary)[name] += each
        return Footprints(ordinary, changing)


def _shared(assignment: Assignment, fixtures: tuple[str, ...]) -> Iterator[str]:
    service = assignment.rule.service
    if "conversation" in fixtures:
        yield walk_scene(service)
    if "arrangement" in fixtures:
        yield from (arrangement_scene(service, each) for each in assignment.operations)


def _changes(footprint: Footprint) -> bool:
    """Whether it takes leave to change what is set for a whole registry."""
    return any(action.partition(":")[2] in REGISTRY_WIDE for action in footprint.actions)
