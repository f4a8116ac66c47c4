"""``ecr-conformance validate``: one body, judged by the contract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import click

from conformance.contract import (
    Violation,
    judge_error,
    judge_input,
    judge_output,
    load_contract,
    on_the_wire,
)
from conformance.errors import ExitCode, UsageError

_JUDGES = {"input": judge_input, "output": judge_output, "error": judge_error}


@dataclass(frozen=True, slots=True)
class Validation:
    """What a body is: of which operation, an input, output or error, in the form wire or cli.

    Raises ``UsageError`` for what does not exist.
    """

    service: str
    operation: str
    kind: str
    form: str

    def __post_init__(self) -> None:
        """Refuse what nobody can judge."""
        load_contract(self.service).operation(self.operation)
        if self.kind == "error" and self.form == "cli":
            raise UsageError(
                "the AWS CLI prints no error bodies", "--format cli is for answers and requests"
            )

    def judge(self, content: bytes, name: str) -> ExitCode:
        """Print how a body departs from the contract, a line each, and what it all comes to.

        ``name`` says where ``content`` came from. Raises ``UsageError`` for what is no JSON.
        """
        contract = load_contract(self.service)
        body = _parsed(content, name)
        if self.form == "cli":
            declared = contract.operation(self.operation)
            shape = declared.input if self.kind == "input" else declared.output
            body = on_the_wire(contract, shape, body)
        violations = _JUDGES[self.kind](contract, self.operation, body)
        for violation in violations:
            click.echo(f"{violation.level:<6} {violation.pointer or '/'}  {violation.message}")
        click.echo(_summary(f"{self.operation} {self.kind}", violations))
        broken = any(violation.level == "must" for violation in violations)
        return ExitCode.NOT_CONFORMANT if broken else ExitCode.CONFORMANT


def _parsed(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise UsageError(f"{name} is no text in UTF-8", "a body is JSON") from None
    except RecursionError:
        raise UsageError(f"{name} is nested too deeply", "no body of ECR is") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{name} is no JSON: {error.msg} in {place}", "a body is JSON") from None


def _summary(what: str, violations: list[Violation]) -> str:
    must = sum(violation.level == "must" for violation in violations)
    should = len(violations) - must
    beside = f" ({should} should)" if should else ""
    plural = "" if must == 1 else "s"
    return f"{what}: {f'{must} violation{plural}' if must else 'conforms'}{beside}"
