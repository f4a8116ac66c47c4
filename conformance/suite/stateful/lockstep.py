"""Sending one program to the target and to the reference, call by call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace

from conformance.reference import ReferenceTransport
from conformance.reference.state import Repository
from conformance.suite.registry import Registry
from conformance.suite.running.capability import Capability
from conformance.suite.stateful.call import UPLOADING, Call
from conformance.suite.stateful.outcome import Outcome, outcome
from conformance.suite.stateful.side import Side
from conformance.suite.stateful.unsettled import (
    Situation,
    codes_alike,
    is_open,
    still_doubtful,
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
    def symptom(self) -> str:
        """What divergences have in common that are told once: where, and how."""
        ways = (each.code or "success" for each in (self.expected, self.got))
        return " ".join((self.operation, self.program[-1].operation, *ways))

    @property
    def core(self) -> tuple[Call, ...]:
        """The end of the program that is the divergence: a call, or a change and its reading."""
        return (
            self.program[-1:]
            if self.program[-1].operation == self.operation
            else (self.program[-2:])
        )

    @property
    def before(self) -> tuple[Call, ...]:
        """What leads to it."""
        return self.program[: -len(self.core)]

    def __str__(self) -> str:
        """How the report tells it."""
        last = self.program[-1].operation
        after = "" if last == self.operation else f" after {self.operation}"
        return f"{last}{after}: expected {self.expected}, got {self.got}"


class Lockstep:
    """A target and a fresh reference that are told the same.

    ``known`` are operations that are known to be to blame for a divergence: they get no second
    chance on a target whose reads may lag.
    """

    def __init__(self, target: Registry, known: Collection[str] = ()) -> None:
        self.target = target
        self.program: list[Call] = []
        """What was sent so far, without what was read after changes."""
        self.compared = 0
        """How many answers were compared."""
        self._known = known
        self._right = ReferenceTransport.seeded(0)
        self._sides = Side(_beside(target, self._right)), Side(target)
        self._doubtful: dict[str, AbstractSet[str]] = {}
        self._parted: set[tuple[str, str]] = set()
        """The repositories, and aspects of them, in which more than an answer differs."""

    def repository(self, name: str) -> Repository | None:
        """A repository as the reference has it."""
        called = self._sides[0].name(name)
        found = (each.repositories.get(called) for each in self._right.world.values())
        return next((each for each in found if each is not None), None)

    def take(self, call: Call) -> list[Divergence]:
        """Send a call to both, and after a change what shows it; gives where they diverge.

        A call is left out where the target lacks the operation, where nobody knows what AWS
        answers, and where it is about something in which the two have parted already.
        """
        if not self._can_send(call):
            return []
        divergence = self._send(call)
        shown = list(self._look(call))
        return shown if divergence is None else [divergence]

    def replay(self, program: Sequence[Call], blamed: str) -> Divergence | None:
        """Send a program as it stands; gives how its last call diverges, by ``blamed``.

        ``None`` also where a call of it would be left out.
        """
        divergence = None
        for call in program:
            if not self._can_send(call):
                return None
            divergence = self._send(call)
        return None if divergence is None else replace(divergence, operation=blamed)

    def rehearse(self, program: Sequence[Call]) -> Outcome | None:
        """What is expected of a program's last call, by asking the reference alone.

        ``None`` where a call of it would be left out.
        """
        expected = None
        for call in program:
            situation = self._situation(call.repository)
            if not self._is_settled(call):
                return None
            wanted = self._right_answer(call)
            self._remember(call, situation, wanted)
            expected = _or_alike(call, wanted, situation)
        return expected

    def _send(self, call: Call) -> Divergence | None:
        situation = self._situation(call.repository)
        unknown = situation is not None and is_open(call, situation)
        unfounded = call.operation == "PutImage" and (call.repository, "layers") in self._parted
        self.program.append(call)
        wanted, found = self._ask(call, call.operation, situation)
        self._remember(call, situation, found)
        if unknown or _agree(call, wanted, found, situation):
            return None
        if call.changes and wanted.succeeded != found.succeeded:
            self._parted.add((call.repository, call.aspect))
            if unfounded:
                return None
        expected = _or_alike(call, wanted, situation)
        return Divergence(call.operation, (*self.program,), expected, found)

    def _look(self, change: Call) -> Iterator[Divergence]:
        """Read what a change was about; in what differs, the two have parted."""
        for witness in change.witnesses():
            there = self._situation(change.repository)
            gone = there is None and witness.operation != "DescribeRepositories"
            if gone or not self._can_send(witness):
                continue
            wanted, found = self._ask(witness, change.operation, there)
            if not _agree(witness, wanted, found, there):
                self._parted.add((change.repository, witness.aspect))
                yield Divergence(change.operation, (*self.program, witness), wanted, found)

    def _ask(self, call: Call, blamed: str, situation: Situation | None) -> tuple[Outcome, Outcome]:
        """What the reference and the target answer.

        Where reads may lag, the target is asked again while the answer differs, unless it has
        changed something.
        """
        side, wanted = self._sides[1], self._right_answer(call)
        answers: list[Outcome] = []

        def observe() -> None:
            found = outcome(side, call.operation, side.send(call))
            answers.append(found)
            final = call.changes and found.succeeded
            assert final or _agree(call, wanted, found, situation), "the answers differ"

        with suppress(AssertionError):
            if blamed in self._known:
                observe()
            else:
                self.target.eventually(observe)
        self.compared += 1
        return wanted, answers[-1]

    def _right_answer(self, call: Call) -> Outcome:
        right = self._sides[0]
        return outcome(right, call.operation, right.send(call))

    def _situation(self, name: str) -> Situation | None:
        repository = self.repository(name)
        if repository is None:
            return None
        return Situation(repository, self._doubtful.get(name, frozenset()))

    def _remember(self, call: Call, before: Situation | None, found: Outcome) -> None:
        """Note which layers may be gone, and that a deleted repository is as good as new."""
        if before is None:
            return
        name, after = call.repository, self.repository(call.repository)
        self._doubtful[name] = still_doubtful(call, before, after)
        if after is None and found.succeeded:
            self._parted = {each for each in self._parted if each[0] != name}

    def _can_send(self, call: Call) -> bool:
        named = all(side.can_name(call) for side in self._sides)
        has = self._has(call.operation) and not self._is_parted(call)
        return named and has and self._is_settled(call)

    def _is_settled(self, call: Call) -> bool:
        """Whether it is known what AWS answers, or at least, of a layer, that it is there then."""
        situation = self._situation(call.repository)
        completes = call.operation == "CompleteLayerUpload"
        named = self._sides[0].can_name(call)
        return named and (completes or situation is None or not is_open(call, situation))

    def _is_parted(self, call: Call) -> bool:
        aspects = {"", call.aspect}
        forced = call.members.get("force", False)
        if call.operation == "GetDownloadUrlForLayer" or (
            call.operation == "DeleteRepository" and not forced
        ):
            aspects.add("images")
        return any((call.repository, each) in self._parted for each in aspects)

    def _has(self, operation: str) -> bool:
        """Whether a program for this target may have the operation.

        Without layers there are no images either.
        """
        needed = {operation, *(UPLOADING if operation == "PutImage" else ())}
        lacking = self.target.capability.lacking.keys()
        return needed <= self.target.contract.operations.keys() and not needed & lacking


def _agree(call: Call, wanted: Outcome, found: Outcome, situation: Situation | None) -> bool:
    if wanted.succeeded:
        return found == wanted
    return found.code in codes_alike(call, wanted.code, situation)


def _or_alike(call: Call, wanted: Outcome, situation: Situation | None) -> Outcome:
    if wanted.succeeded:
        return wanted
    return Outcome(code=" or ".join(sorted(codes_alike(call, wanted.code, situation))))


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
