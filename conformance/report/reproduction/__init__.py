"""Three ways to repeat what a check did: boto3, the AWS CLI and curl.

A script sends the scenario's requests in order, signed anew, and then deletes the repositories it
made. What the target made up in an answer (an upload id, a page token) is taken from the script's
own answers. Nothing that a target said can be run: text from it is only ever quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from conformance.report.reproduction.aws_cli import aws_script
from conformance.report.reproduction.boto3_program import boto3_script
from conformance.report.reproduction.curl import curl_script
from conformance.report.reproduction.plan import plan
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

__all__ = ["Reproduction", "reproduce"]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """``boto3`` is a Python program, ``aws`` and ``curl`` are commands for a POSIX shell.

    ``aws`` is ``None`` where the AWS CLI cannot send one of the requests.
    """

    boto3: str
    aws: str | None
    curl: str


@lru_cache(maxsize=4096)  # report.json and report.html both show them
def reproduce(check: Check) -> Reproduction | None:
    """The scripts for a check; ``None`` where it passed or nothing was sent."""
    if not check.exchanges or check.verdict <= Verdict.PASS:
        return None
    planned = plan(check.exchanges)
    verdict = f"{check.id}: {check.verdict.label}: {check.message}"
    return Reproduction(
        boto3=boto3_script(planned, verdict),
        aws=aws_script(planned, verdict),
        curl=curl_script(planned, verdict),
    )
