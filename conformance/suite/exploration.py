"""How far the stateful rule looks."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from conformance.errors import UsageError


@dataclass(frozen=True, slots=True)
class Exploration:
    """How many programs are tried (``budget``), of how many steps (``depth``), and which.

    The same seed writes the same programs. It is a fixed one unless asked otherwise, unlike that of
    a run's names: two runs try the same, and so come to the same verdict.

    Raises ``UsageError`` for less than one program or step.
    """

    depth: int = 20
    budget: int = 30
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse to look nowhere."""
        for name, value in (("depth", self.depth), ("budget", self.budget)):
            if value < 1:
                raise UsageError(f"a {name} of {value} tries nothing", "leave it out, or give 1 up")

    def to_json(self) -> dict[str, int]:
        """The exploration as a JSON object."""
        return asdict(self)


DEFAULT = Exploration()
