"""What a target makes of each operation, profile by profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.report.certificate import Certificate
from conformance.suite.rules import PROFILES, SERVICES
from conformance.suite.verdicts import Level, Verdict, worst

__all__ = ["Cell", "Matrix", "matrices"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The checks of one operation in one profile: the worst verdict, and how many have each."""

    verdict: Verdict
    counts: tuple[tuple[Verdict, int], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A service's operations by profile; ``None`` where no check concerns the operation."""

    service: str
    profiles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]

    @property
    def unsupported(self) -> bool:
        """Whether nothing is known of any operation but that the target does not implement it."""
        cells = [cell for _, row in self.rows for cell in row if cell]
        return all(cell.verdict is Verdict.UNSUPPORTED for cell in cells)


def matrices(certificate: Certificate) -> list[Matrix]:
    """A matrix of the MUST and SHOULD checks for each service that has any."""
    found = (_matrix(certificate, service) for service in SERVICES)
    return [matrix for matrix in found if matrix.rows]


def _matrix(certificate: Certificate, service: str) -> Matrix:
    verdicts: dict[tuple[str, str], list[Verdict]] = {}
    for judged in certificate.rules:
        if judged.rule.service == service and judged.rule.level is not Level.INFO:
            for check in judged.checks:
                for operation in check.operations:
                    place = (operation, judged.rule.profile)
                    verdicts.setdefault(place, []).append(check.verdict)
    concerned = {profile for _, profile in verdicts}
    profiles = tuple(profile for profile in PROFILES if profile in concerned)
    operations = sorted({operation for operation, _ in verdicts})
    rows = (
        (operation, tuple(_cell(verdicts.get((operation, profile))) for profile in profiles))
        for operation in operations
    )
    return Matrix(service, profiles, tuple(rows))


def _cell(verdicts: Sequence[Verdict] | None) -> Cell | None:
    if not verdicts:
        return None
    return Cell(worst(verdicts), tuple(sorted(Counter(verdicts).items(), reverse=True)))
