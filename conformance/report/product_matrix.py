"""Certificates side by side: products, or versions of one, by profile, operation and rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.report.brief import Brief, Disagreement, brief, disagreements
from conformance.report.certificate import Certificate
from conformance.report.judged_rule import JudgedRule
from conformance.suite.rules import PROFILES, SERVICES
from conformance.suite.verdicts import Level, Verdict

__all__ = ["Cell", "ProductMatrix", "Row", "side_by_side"]

MATRIX_FORMAT = "ecr-conformance-matrix/1"

_Key = tuple[str, str]
"""A service, and a profile, operation or rule of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a product makes of a profile, operation or rule.

    ``verdict`` is as in its report; of ``of`` MUST rules (of a profile) or checks (of an operation
    or rule) that apply, ``passed`` pass.
    """

    verdict: str
    passed: int
    of: int

    def to_json(self) -> dict[str, Any]:
        """The cell as a JSON object."""
        return {"verdict": self.verdict, "passed": self.passed, "of": self.of}


@dataclass(frozen=True, slots=True)
class Row:
    """One profile, operation or rule: a cell for each product, ``None`` where it was not judged.

    ``title`` is a rule's requirement, else empty.
    """

    service: str
    name: str
    title: str
    cells: tuple[Cell | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the products come to different verdicts."""
        return len({cell and cell.verdict for cell in self.cells}) > 1

    def to_json(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {
            "service": self.service,
            "name": self.name,
            "title": self.title,
            "cells": [None if cell is None else cell.to_json() for cell in self.cells],
        }


@dataclass(frozen=True, slots=True)
class ProductMatrix:
    """Products side by side, in the order of their certificates.

    ``rules`` are those MUST and SHOULD rules that the products differ in; ``alike`` counts the
    others.
    """

    products: tuple[Brief, ...]
    disagreements: tuple[Disagreement, ...]
    profiles: tuple[Row, ...]
    operations: tuple[Row, ...]
    rules: tuple[Row, ...]
    alike: int

    def to_json(self) -> dict[str, Any]:
        """The matrix as a JSON object, the form of ``matrix --format json``."""
        return {
            "format": MATRIX_FORMAT,
            "products": [each.to_json() for each in self.products],
            "disagreements": {each.what: list(each.values) for each in self.disagreements},
            "profiles": [row.to_json() for row in self.profiles],
            "operations": [row.to_json() for row in self.operations],
            "rules": [row.to_json() for row in self.rules],
            "alike": self.alike,
        }


def side_by_side(certificates: Sequence[Certificate]) -> ProductMatrix:
    """The matrix of some certificates."""
    briefs = tuple(brief(each) for each in certificates)
    rules = _rows([_rules(each) for each in certificates], _rule_order)
    titles = {judged.rule.id: judged.rule.title for each in certificates for judged in each.rules}
    differing = [row for row in rules if row.differs]
    return ProductMatrix(
        products=briefs,
        disagreements=disagreements(briefs),
        profiles=tuple(_rows([_profiles(each) for each in certificates], _profile_order)),
        operations=tuple(_rows([_operations(each) for each in certificates], _operation_order)),
        rules=tuple(Row(row.service, row.name, titles[row.name], row.cells) for row in differing),
        alike=len(rules) - len(differing),
    )


def _rows(columns: Sequence[dict[_Key, Cell]], order: Callable[[_Key], Any]) -> list[Row]:
    keys = {key for column in columns for key in column}
    return [
        Row(*key, title="", cells=tuple(column.get(key) for column in columns))
        for key in sorted(keys, key=order)
    ]


def _profile_order(key: _Key) -> tuple[int, int]:
    return SERVICES.index(key[0]), PROFILES.index(key[1])


def _operation_order(key: _Key) -> tuple[int, str]:
    return SERVICES.index(key[0]), key[1]


def _rule_order(key: _Key) -> tuple[int, int, str]:
    return SERVICES.index(key[0]), PROFILES.index(key[1].split(".")[1]), key[1]


def _profiles(certificate: Certificate) -> dict[_Key, Cell]:
    return {
        (profile.service, profile.profile): _cell(
            profile.verdict.value,
            (each.verdict for each in profile.rules if each.rule.level is Level.MUST),
        )
        for profile in certificate.profiles
    }


def _operations(certificate: Certificate) -> dict[_Key, Cell]:
    verdicts: dict[_Key, list[Verdict]] = {}
    for judged in certificate.rules:
        for check in judged.checks if judged.rule.level is Level.MUST else ():
            for operation in check.operations:
                verdicts.setdefault((judged.rule.service, operation), []).append(check.verdict)
    return {
        (each.service, each.operation): _cell(
            each.verdict.label, verdicts.get((each.service, each.operation), ())
        )
        for each in certificate.operations
    }


def _rules(certificate: Certificate) -> dict[_Key, Cell]:
    return {
        (judged.rule.service, judged.rule.id): _rule_cell(judged)
        for judged in certificate.rules
        if judged.rule.level is not Level.INFO
    }


def _rule_cell(judged: JudgedRule) -> Cell:
    verdict = Verdict.FAIL if judged.failed else judged.verdict
    return _cell(verdict.label, (check.verdict for check in judged.checks))


def _cell(verdict: str, found: Iterable[Verdict]) -> Cell:
    applying = [each for each in found if each is not Verdict.NOT_APPLICABLE]
    return Cell(verdict, sum(each is Verdict.PASS for each in applying), len(applying))
