"""A certificate in brief: what has to be known of it where it is one of several."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from conformance.report.certificate import Certificate
from conformance.report.provenance import ContractVersion, Selection
from conformance.targets.target import AWS

__all__ = [
    "Brief",
    "Disagreement",
    "brief",
    "contract_text",
    "disagreements",
    "product_name",
    "selection_text",
]


@dataclass(frozen=True, slots=True)
class Brief:
    """What was judged, by what, and what it came to.

    ``contract`` is botocore's version with those of the APIs; ``selection`` and ``exploration`` are
    spelt as options of ``certify``, ``selection`` as "everything" where nothing was chosen.
    """

    product: str
    version: str | None
    region: str
    tool: str
    contract: str
    selection: str
    exploration: str
    finished: str
    conclusion: str

    def to_json(self) -> dict[str, str | None]:
        """The brief as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that several certificates ought to share and do not, with what each has."""

    what: str
    values: tuple[str, ...]


def brief(certificate: Certificate) -> Brief:
    """A certificate in brief."""
    facts = certificate.provenance
    looks = facts.exploration
    return Brief(
        product=facts.target.product,
        version=facts.target.version,
        region=facts.target.region,
        tool=f"{facts.tool.name} {facts.tool.version}",
        contract=contract_text(facts.contract),
        selection=selection_text(facts.selection),
        exploration=f"--depth {looks.depth} --budget {looks.budget} --program-seed {looks.seed}",
        finished=certificate.finished,
        conclusion=certificate.conclusion.value,
    )


def disagreements(briefs: Sequence[Brief]) -> tuple[Disagreement, ...]:
    """What certificates differ in that makes them hard to compare; the products may differ."""
    rows: Mapping[str, tuple[str, ...]] = {
        name: tuple(str(getattr(each, name)) for each in briefs)
        for name in ("tool", "contract", "region", "selection", "exploration")
    }
    return tuple(Disagreement(what, each) for what, each in rows.items() if len(set(each)) > 1)


class Named(Protocol):
    """Whatever says which product it is of."""

    @property
    def product(self) -> str:
        """Its name."""
        ...

    @property
    def version(self) -> str | None:
        """Its version, ``None`` where it does not tell one."""
        ...


def product_name(named: Named) -> str:
    """``moto 5.2.5``, or ``moto (version unknown)``; AWS has no versions."""
    if named.product == AWS:
        return named.product
    return f"{named.product} {named.version or '(version unknown)'}"


def contract_text(contract: ContractVersion) -> str:
    """``botocore 1.44.5 (ecr 2015-09-21, ecr-public 2020-10-30)``."""
    apis = ", ".join(f"{service} {version}" for service, version in contract.apis)
    return f"botocore {contract.botocore} ({apis})"


def selection_text(selection: Selection) -> str:
    """The options of ``certify`` that chose rules, or "everything"."""
    options = [f"--service {name}" for name in selection.services]
    options += [f"--profile {name}" for name in selection.profiles]
    if selection.rules:
        options.append(f"-k {shlex.quote(selection.rules)}")
    if selection.shard is not None:
        options.append(f"--shard {selection.shard}")
    return " ".join(options) or "everything"
