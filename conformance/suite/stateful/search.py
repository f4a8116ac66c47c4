"""Looking for programs that the target and the reference answer differently.

Hypothesis writes the programs. They are shortened here, because a target behind a network cannot
be asked the many thousand times that Hypothesis takes, and because a program is a list of calls of
which any part is a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from conformance.errors import TransportError
from conformance.suite.cleanup import Cleanup
from conformance.suite.registry import Registry
from conformance.suite.stateful.call import Call
from conformance.suite.stateful.exploration import Exploration
from conformance.suite.stateful.lockstep import Divergence, Lockstep


@dataclass
class Findings:
    """What a search came to.

    ``divergences`` are by the operation to blame, each the shortest program that was found;
    ``passing`` are those that were not found again. ``compared`` are the operations of which an
    answer was compared, ``leftovers`` sentences on what could not be deleted.
    """

    divergences: dict[str, Divergence] = field(default_factory=dict)
    passing: dict[str, Divergence] = field(default_factory=dict)
    compared: set[str] = field(default_factory=set)
    leftovers: list[str] = field(default_factory=list)


class Search:
    """A search; ``registry`` gives the target with a prefix of its own for each number."""

    def __init__(self, registry: Callable[[int], Registry]) -> None:
        self._registry = registry
        self._numbers = count()
        self._findings = Findings()
        self._failure: TransportError | None = None

    def explore(self, service: str, exploration: Exploration) -> Findings:
        """Try programs, and shorten one for each operation that diverges.

        Raises ``TransportError`` where the target gave no answer.
        """
        from conformance.suite.stateful.machine import write_programs

        write_programs(service, exploration, self._begin, self._take, self._end)
        self._require_answers()
        found = self._findings.divergences
        for operation in sorted(found):
            shortened = self._shortened(found[operation])
            self._require_answers()
            if shortened is None:
                self._findings.passing[operation] = found.pop(operation)
            else:
                found[operation] = shortened
        return self._findings

    def _begin(self) -> Lockstep:
        return Lockstep(self._registry(next(self._numbers)), known=self._findings.divergences)

    def _take(self, lockstep: Lockstep, call: Call) -> None:
        for divergence in self._taken(lockstep, call):
            self._findings.divergences.setdefault(divergence.operation, divergence)

    def _end(self, lockstep: Lockstep) -> None:
        self._findings.compared |= lockstep.compared
        if self._failure is None:
            self._findings.leftovers += Cleanup(lockstep.target).delete_everything()

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

    def _require_answers(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _shortened(self, divergence: Divergence) -> Divergence | None:
        """The same divergence by the shortest program; ``None`` where it does not come again."""
        shortest = self._again(divergence.operation, divergence.calls)
        better = shortest
        while better is not None:
            shortest = better
            candidates = (self._again(shortest.operation, each) for each in shorter(shortest.calls))
            better = next((each for each in candidates if each is not None), None)
        return shortest

    def _again(self, operation: str, calls: Sequence[Call]) -> Divergence | None:
        """How a program of these calls diverges for an operation."""
        lockstep = Lockstep(self._registry(next(self._numbers)))
        try:
            found = (each for call in calls for each in self._taken(lockstep, call))
            return next((each for each in found if each.operation == operation), None)
        finally:
            self._end(lockstep)


def shorter(calls: Sequence[Call]) -> Iterator[Sequence[Call]]:
    """Programs that do less: first without many calls, then without one, then of single images."""
    size = len(calls) // 2
    while size:
        for start in range(0, len(calls), size):
            yield [*calls[:start], *calls[start + size :]]
        size //= 2
    for at, call in enumerate(calls):
        image_ids = call.members.get("imageIds", ())
        for image_id in image_ids if len(image_ids) > 1 else ():
            members = {**call.members, "imageIds": [image_id]}
            yield [*calls[:at], replace(call, members=members), *calls[at + 1 :]]
