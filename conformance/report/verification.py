"""Whether a report is a certificate: what some run wrote, unaltered, with no rule left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.errors import ConformanceError
from conformance.file_schemas import require_valid
from conformance.report.brief import selection_text
from conformance.report.certificate import Certificate
from conformance.report.conclusion import Conclusion
from conformance.report.provenance import Selection, ToolVersion, contract_here
from conformance.report.seal import is_unbroken
from conformance.suite.catalogue import all_rules
from conformance.suite.verdicts import Level

__all__ = ["complaints_about"]

_FEW = 5
_UNDECIDED = (Conclusion.INCONCLUSIVE, Conclusion.NOTHING_RAN)


def complaints_about(report: Any) -> Iterator[str]:
    """Sentences that say why the JSON of a report is no certificate; none if it is one.

    The rules that it has to hold are those of this version of the tool and its contract.
    """
    try:
        require_valid(report, "report", "its form")
        certificate = Certificate.from_json(report)
    except (ConformanceError, ValueError) as error:
        yield str(error)
    else:
        yield from _complaints(report, certificate)


def _complaints(report: Mapping[str, Any], certificate: Certificate) -> Iterator[str]:
    if not is_unbroken(report):
        yield "the seal is broken: the report was edited after the run wrote it"
    if _conclusions(report) != _conclusions(
        {**certificate.heading(), "rules": _verdicts(certificate)}
    ):
        yield "it concludes what does not follow from its checks"
    yield from _left_out(certificate.provenance.selection)
    if certificate.conclusion in _UNDECIDED:
        yield f"the run was {certificate.conclusion.value}: it certifies nothing"
    yield from _of_another_version(certificate) or _missing(certificate)


def _conclusions(report: Mapping[str, Any]) -> list[Any]:
    """What is concluded from the checks, as far as it is not merely shown, as scripts are."""
    rules = [(rule["id"], rule["verdict"]) for rule in report["rules"]]
    names = ("conclusion", "exit_code", "profiles", "waivers")
    return [rules, *(report[name] for name in names)]


def _verdicts(certificate: Certificate) -> list[dict[str, str]]:
    return [{"id": each.rule.id, "verdict": each.verdict.label} for each in certificate.rules]


def _left_out(selection: Selection) -> Iterator[str]:
    if selection != Selection():
        yield f"rules were left out: the run was chosen with {selection_text(selection)}"


def _of_another_version(certificate: Certificate) -> list[str]:
    """Complaints where this tool does not know what rules were required."""
    facts, here = certificate.provenance, ToolVersion()
    complaints = []
    if facts.tool != here:
        complaints.append(
            f"it was judged by {facts.tool.name} {facts.tool.version} and this is {here.version}: "
            f"verify it with that one"
        )
    if facts.contract != contract_here():
        complaints.append(
            f"it was judged by the contract of botocore {facts.contract.botocore}, and this is "
            f"that of {contract_here().botocore}"
        )
    return complaints


def _missing(certificate: Certificate) -> Iterator[str]:
    """What the report lacks of this tool's MUST rules, or has otherwise."""
    rules = all_rules()
    required = {name for name, rule in rules.items() if rule.level is Level.MUST}
    judged = {each.rule.id for each in certificate.rules if each.checks}
    other = (each.rule.id for each in certificate.rules if rules.get(each.rule.id) != each.rule)
    for names, what in (
        (sorted(required - judged), "required rules were not judged"),
        (sorted(other), "rules are not as this tool has them"),
    ):
        if names:
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            yield f"{len(names)} {what}: {', '.join(names[:_FEW])}{more}"
