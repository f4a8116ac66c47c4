"""Looking for programs that the target and the reference answer differently.

Hypothesis writes the programs. They are shortened here, because a target behind a network cannot
be asked the many thousand times that Hypothesis takes, and because a program is a list of calls of
which any part is a program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from conformance.errors import TransportError
from conformance.suite.cleanup import Cleanup
from conformance.suite.exploration import Exploration
from conformance.suite.registry import Registry
from conformance.suite.stateful.call import Call
from conformance.suite.stateful.lockstep import Divergence, Lockstep
from conformance.transport.exchange import Exchange

MOST = 12
"""How many divergences are told; who has more has other work first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A divergence by the shortest program that was found, with the exchanges that show it.

    ``repeats`` is whether it came again when the program was sent once more.
    """

    divergence: Divergence
    repeats: bool
    exchanges: tuple[Exchange, ...]


class Search:
    """A search in a service; ``registry`` gives the target with another prefix for each number.

    ``programs`` are how many were tried, ``compared`` how many answers of theirs were compared,
    ``leftovers`` sentences on what could not be deleted.
    """

    def __init__(
        self, registry: Callable[[int], Registry], service: str, exploration: Exploration
    ) -> None:
        self.programs = 0
        self.compared = 0
        self.leftovers: list[str] = []
        self._registry = registry
        self._service = service
        self._exploration = exploration
        self._numbers = count()
        self._divergences: dict[str, Divergence] = {}
        self._failure: TransportError | None = None

    def explore(self) -> Iterator[Finding]:
        """Try programs; gives the divergences, those that only look different once.

        Raises ``TransportError`` where the target gave no answer.
        """
        from conformance.suite.stateful.machine import write_programs

        write_programs(self._service, self._exploration, self._begin, self._take, self._end)
        if self._failure is not None:
            raise self._failure
        told = set()
        for divergence in list(self._divergences.values())[:MOST]:
            shortest = self._shortest(self._read_alone(divergence) or divergence)
            if shortest.symptom not in told:
                told.add(shortest.symptom)
                yield self._confirmed(shortest)

    def _confirmed(self, divergence: Divergence) -> Finding:
        """Send a program once more, and keep what was exchanged."""
        lockstep = self._lockstep()
        try:
            again = lockstep.replay(divergence.program, divergence.operation)
            return Finding(divergence, again is not None, tuple(lockstep.target.log.exchanges))
        finally:
            self._clean_up(lockstep)

    def _begin(self) -> Lockstep:
        known = {each.operation for each in self._divergences.values()}
        return self._lockstep(known)

    def _lockstep(self, known: Collection[str] = ()) -> Lockstep:
        return Lockstep(self._registry(next(self._numbers)), known)

    def _take(self, lockstep: Lockstep, call: Call) -> None:
        for divergence in self._taken(lockstep, call):
            self._divergences.setdefault(divergence.symptom, divergence)

    def _end(self, lockstep: Lockstep) -> None:
        self.programs += 1
        self.compared += lockstep.compared
        self._clean_up(lockstep)

    def _clean_up(self, lockstep: Lockstep) -> None:
        if self._failure is None:
            self.leftovers += Cleanup(lockstep.target).delete_everything()

    def _taken(self, lockstep: Lockstep, call: Call) -> list[Divergence]:
        """Where a call diverges; nothing any more once the target has given no answer.

        Hypothesis would take an exception for a finding.
        """
        if self._failure is not None:
            return []
        try:
            return lockstep.take(call)
        except TransportError as failure:
            self._failure = failure
            return []

    def _read_alone(self, divergence: Divergence) -> Divergence | None:
        """The divergence without the change to blame, where it is the reading that is wrong."""
        if divergence.core == 1:
            return None
        *before, _, last = divergence.program
        return self._again(replace(divergence, operation=last.operation), (*before, last))

    def _shortest(self, divergence: Divergence) -> Divergence:
        """The same divergence by the shortest program that is found."""
        better: Divergence | None = divergence
        while better is not None:
            divergence = better
            candidates = (self._again(divergence, program) for program in shorter(divergence))
            better = next((each for each in candidates if each is not None), None)
        return divergence

    def _again(self, divergence: Divergence, program: Sequence[Call]) -> Divergence | None:
        """How a shorter program diverges in the same way."""
        lockstep = self._lockstep()
        try:
            found = lockstep.replay(program, divergence.operation)
        finally:
            self._clean_up(lockstep)
        return found if found is not None and found.symptom == divergence.symptom else None


def shorter(divergence: Divergence) -> Iterator[tuple[Call, ...]]:
    """Programs that do less: first without many calls, then without one, then to single images."""
    split = len(divergence.program) - divergence.core
    before, core = divergence.program[:split], divergence.program[split:]
    size = len(before)
    while size:
        for start in range(0, len(before), size):
            yield (*before[:start], *before[start + size :], *core)
        size //= 2
    for at, call in enumerate(divergence.program):
        image_ids = call.members.get("imageIds", ())
        for image_id in image_ids if len(image_ids) > 1 else ():
            alone = replace(call, members={**call.members, "imageIds": [image_id]})
            yield (*divergence.program[:at], alone, *divergence.program[at + 1 :])
