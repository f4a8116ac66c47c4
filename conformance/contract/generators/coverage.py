"""Coverage cases: for each constraint of an operation's input, requests that keep and break it.

A case is a change to a valid request, so that its name is known before any target is asked, and
what is not under test stays as the caller needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from conformance.contract.generators.constraints import Constraint, constraints
from conformance.contract.generators.placing import ABSENT, Change, changed, found, required_only
from conformance.contract.generators.sites import Site, sites
from conformance.contract.generators.variations import to, variations
from conformance.contract.model import Contract


@dataclass(frozen=True, slots=True)
class CoverageCase:
    """A request that keeps or breaks a constraint.

    ``name`` says what it varies: ``CreateRepository.tags[].Key max+1``. ``valid`` says whether the
    contract allows it; if not, it breaks ``constraint`` and no other. ``constraint`` is ``None``
    where the case varies which members are there at all. ``request`` makes the request from a valid
    one of the same operation, which it leaves as it is. Requests are JSON, with blobs as bytes.
    """

    name: str
    site: Site
    valid: bool
    constraint: Constraint | None
    request: Callable[[Any], Any] = field(repr=False, compare=False)


@cache
def coverage_cases(contract: Contract, operation: str) -> tuple[CoverageCase, ...]:
    """Return the cases of an operation's input, always the same in the same order.

    Raises ``UsageError`` for an unknown operation.
    """
    shape = contract.operation(operation).input
    cases = [
        CoverageCase(
            f"{_called(operation, constraint.site)} {variation.what}",
            constraint.site,
            variation.valid,
            constraint,
            partial(_changed, contract, shape, constraint.site.steps, variation.change),
        )
        for constraint in constraints(contract, shape)
        for variation in variations(contract, constraint)
    ]
    return (*cases, *_about_members(contract, operation, shape))


def _called(operation: str, site: Site) -> str:
    return f"{operation}.{site}" if site.steps else operation


def _changed(
    contract: Contract, shape: str, steps: tuple[str, ...], change: Change, valid: Any
) -> Any:
    return changed(contract, shape, valid, steps, change)


def _about_members(contract: Contract, operation: str, shape: str) -> Iterator[CoverageCase]:
    around = {site.steps: site.shape for site in sites(contract, shape)}
    optional = [site for site in sites(contract, shape) if _is_optional_member(site)]
    whole = Site((), shape, required=True)
    only = partial(required_only, contract, shape)
    everything = partial(_with_all, contract, shape, tuple(optional))
    yield CoverageCase(
        f"{operation} required only", whole, valid=True, constraint=None, request=only
    )
    for site in optional:
        alone = partial(_with_one, contract, shape, site, around[site.steps[:-1]])
        name = f"{_called(operation, site)} alone"
        yield CoverageCase(name, site, valid=True, constraint=None, request=alone)
    if optional:
        name = f"{operation} all members"
        yield CoverageCase(name, whole, valid=True, constraint=None, request=everything)


def _is_optional_member(site: Site) -> bool:
    return site.is_member and not site.required


def _with_one(contract: Contract, shape: str, site: Site, around: str, valid: Any) -> Any:
    base = required_only(contract, shape, valid)
    base = changed(contract, shape, base, site.steps[:-1], partial(required_only, contract, around))
    there = found(valid, site.steps)
    change: Change = (lambda value: value) if there is ABSENT else to(there)
    return changed(contract, shape, base, site.steps, change)


def _with_all(contract: Contract, shape: str, optional: tuple[Site, ...], valid: Any) -> Any:
    for site in optional:
        valid = changed(contract, shape, valid, site.steps, lambda value: value)
    return valid
