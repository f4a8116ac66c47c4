"""Sending one program to the target and to the reference, call by call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, replace

from conformance.reference import ReferenceTransport
from conformance.reference.state import Repository
from conformance.suite.capability import Capability
from conformance.suite.registry import Registry
from conformance.suite.stateful.call import UPLOADING, Call
from conformance.suite.stateful.outcome import Outcome, outcome
from conformance.suite.stateful.side import Side
from conformance.suite.stateful.unsettled import (
    Situation,
    codes_alike,
    is_open,
    newly_doubtful,
)
from conformance.targets import Target
from conformance.targets.reference import ENDPOINT
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient


@dataclass(frozen=True, slots=True)
class Divergence:
    """A program whose last call the target answers otherwise than the reference.

    ``operation`` is the one to blame: that of the last call, or of the change before it that the
    last call reads. ``expected`` and ``got`` are what the last call was answered.
    """

    operation: str
    program: tuple[Call, ...]
    expected: Outcome
    got: Outcome

    @property
    def calls(self) -> tuple[Call, ...]:
        """The program without what only shows the change that is to blame."""
        own = self.program[-1].operation == self.operation
        return self.program if own else self.program[:-1]

    def __str__(self) -> str:
        """How the report tells it."""
        last = self.program[-1].operation
        after = "" if last == self.operation else f" after {self.operation}"
        return f"{last}{after}: expected {self.expected}, got {self.got}"


class Lockstep:
    """A target and a fresh reference that have been told the same.

    ``known`` are operations that are known to be to blame for a divergence: they get no second
    chance on a target whose reads may lag.
    """

    def __init__(self, target: Registry, known: Collection[str] = ()) -> None:
        self.program: list[Call] = []
        """What was sent so far, without what was read after changes."""
        self.compared: set[str] = set()
        """The operations whose answers were compared."""
        self.parted = False
        """Whether the two differ in more than an answer, so that nothing more can be compared."""
        self._known = known
        self.target = target
        self._target = Side(target)
        self._world = ReferenceTransport.seeded(0)
        self._reference = Side(_beside(target, self._world))
        self._doubtful: dict[str, Set[str]] = {}

    def repository(self, name: str) -> Repository | None:
        """A repository as the reference has it."""
        called = self._reference.name(name)
        registries = self._world.world.values()
        found = (each.repositories.get(called) for each in registries)
        return next((each for each in found if each is not None), None)

    def take(self, call: Call) -> list[Divergence]:
        """Send a call to both, and after a change what shows it; gives where they diverge.

        Left out is what the target lacks, what nobody knows AWS's answer to, and everything after
        the two have parted.
        """
        situation = self._situation(call.repository)
        unknown = situation is not None and is_open(call, situation)
        if self.parted or not self._has(call.operation):
            return []
        if unknown and call.operation != "CompleteLayerUpload":
            return []
        self.program.append(call)
        wanted, found = self._ask(call, call.operation, situation)
        self._remember(call, situation)
        if unknown:
            return []  # whatever came, the layer is there now
        divergences = []
        if not _agree(wanted, found, situation):
            divergences.append(Divergence(call.operation, (*self.program,), wanted, found))
            self.parted = call.changes and wanted.succeeded != found.succeeded
        return [*divergences, *self._look(call)]

    def _look(self, change: Call) -> Iterator[Divergence]:
        """Read what a change was about; where that differs, the two have parted."""
        for witness in change.witnesses():
            there = self._situation(change.repository)
            gone = there is None and witness.operation != "DescribeRepositories"
            if self.parted or gone or not self._has(witness.operation):
                continue
            wanted, found = self._ask(witness, change.operation, there)
            if not _agree(wanted, found, there):
                self.parted = True
                program = (*self.program, witness)
                yield Divergence(change.operation, program, wanted, found)

    def _ask(
        self, call: Call, blamed: str, situation: Situation | None
    ) -> tuple[Outcome, Outcome]:
        """What the reference and the target answer.

        Where reads may lag, the target is asked again while the answer differs, unless it has
        changed something.
        """
        wanted = outcome(self._reference, call.operation, self._reference.send(call))
        answers: list[Outcome] = []

        def observe() -> None:
            found = outcome(self._target, call.operation, self._target.send(call))
            answers.append(found)
            final = call.changes and found.succeeded
            assert final or _agree(wanted, found, situation), "the answers differ"

        with suppress(AssertionError):
            if blamed in self._known:
                observe()
            else:
                self.target.eventually(observe)
        self.compared.add(call.operation)
        return wanted, answers[-1]

    def _situation(self, name: str) -> Situation | None:
        repository = self.repository(name)
        if repository is None:
            return None
        return Situation(repository, self._doubtful.get(name, frozenset()))

    def _remember(self, call: Call, before: Situation | None) -> None:
        """Note which layers may be gone after a call, and which are there for certain."""
        if before is None:
            return
        after = self.repository(call.repository)
        doubtful = before.doubtful | newly_doubtful(before.repository, after)
        self._doubtful[call.repository] = doubtful - _certain(call, after)

    def _has(self, operation: str) -> bool:
        """Whether a program for this target may have the operation."""
        registry = self.target
        needed = {operation, *(UPLOADING if operation == "PutImage" else ())}
        lacking = registry.capability.lacking
        return needed <= registry.contract.operations.keys() and not needed & lacking.keys()


def _agree(wanted: Outcome, found: Outcome, situation: Situation | None) -> bool:
    if wanted.succeeded:
        return found == wanted
    return found.code in codes_alike(wanted.code, situation)


def _certain(call: Call, after: Repository | None) -> Set[str]:
    """The layers that a call has shown to be there."""
    if after is None:
        return frozenset()
    digest = call.members["layerDigests"][0] if call.operation == "CompleteLayerUpload" else ""
    in_use = {each for image in after.images.values() for each in image.layers}
    return in_use | ({digest} & set(after.layers))


def _beside(target: Registry, reference: ReferenceTransport) -> Registry:
    """The same service of a reference."""
    log = ExchangeLog(reference, target.service)
    region = target.target.region
    return replace(
        target,
        target=Target("reference", ENDPOINT, "reference", None, region),
        log=log,
        client=WireClient(target.contract, log, ENDPOINT, region),
        capability=Capability(),
    )
