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
                yield from self._confirmed(shortest)

    def _confirmed(self, divergence: Divergence) -> Iterator[Finding]:
        """Send a program once more, and keep what was exchanged.

        Where reads may lag, what does not come again was a stale read, of which there is nothing to
        tell.
        """
        lockstep = self._lockstep()
        try:
            again = lockstep.replay(divergence.program, divergence.operation)
            exchanges = tuple(lockstep.target.log.exchanges)
        finally:
            self._clean_up(lockstep)
        if again is not None or lockstep.target.target.consistency == "strong":
            yield Finding(divergence, again is not None, exchanges)

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
        if len(divergence.core) == 1:
            return None
        *before, _, last = divergence.program
        return self._again(replace(divergence, operation=last.operation), (*before, last))

    def _shortest(self, divergence: Divergence) -> Divergence:
        """The same divergence by the shortest program that is found.

        At first all that reads is left out, and what is about another repository; then half of the
        calls, a quarter, and so on, the last calls one by one until none can go.
        """
        shortest = self._attempt(divergence, own_changes(divergence))
        size = len(shortest.before)
        while size:
            shorter = self._without_some(shortest, size)
            size = size if size == 1 and shorter is not shortest else size // 2
            shortest = shorter
        for program in of_single_images(shortest):
            shortest = self._attempt(shortest, program)
        return shortest

    def _without_some(self, divergence: Divergence, size: int) -> Divergence:
        """The same divergence without as many groups of calls, each of that size, as can go."""
        start = 0
        while start < len(divergence.before):
            program = divergence.program
            end = min(start + size, len(divergence.before))
            shorter = self._attempt(divergence, program[:start] + program[end:])
            start = end if shorter is divergence else start
            divergence = shorter
        return divergence

    def _attempt(self, divergence: Divergence, program: tuple[Call, ...]) -> Divergence:
        """The same divergence by a simpler program, or as it was."""
        return self._again(divergence, program) or divergence

    def _again(self, divergence: Divergence, program: Sequence[Call]) -> Divergence | None:
        """How a shorter program diverges in the same way.

        The target is only asked where the reference still answers as it did.
        """
        lockstep = self._lockstep()
        expected = lockstep.rehearse(program)
        if expected is None or expected.code != divergence.expected.code:
            return None
        lockstep = self._lockstep()
        try:
            found = lockstep.replay(program, divergence.operation)
        finally:
            self._clean_up(lockstep)
        return found if found is not None and found.symptom == divergence.symptom else None


def own_changes(divergence: Divergence) -> tuple[Call, ...]:
    """The program without what only reads, and without what is about another repository."""
    own = divergence.program[-1].repository
    kept = (each for each in divergence.before if each.changes and each.repository == own)
    return (*kept, *divergence.core)


def of_single_images(divergence: Divergence) -> Iterator[tuple[Call, ...]]:
    """Programs that differ in one call, which is about one image of several."""
    program = divergence.program
    for at, call in enumerate(program):
        image_ids = call.members.get("imageIds", ())
        for image_id in image_ids if len(image_ids) > 1 else ():
            alone = replace(call, members={**call.members, "imageIds": [image_id]})
            yield (*program[:at], alone, *program[at + 1 :])
