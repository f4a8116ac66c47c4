"""What AWS promises: operations, shapes, wire schemas, presence; and bodies judged by them.

The lowest layer: it knows nothing of transports, targets or rules. ``published`` and ``changes``,
which keep the contract lock up to date, are not needed for judging and imported by name.
"""

from conformance.contract.breaches import Breach, broken_keywords
from conformance.contract.cli_output import on_the_wire
from conformance.contract.documentation import Passage, load_passages
from conformance.contract.error_schema import error_schema
from conformance.contract.folder import schemas_folder
from conformance.contract.lock import load_contract
from conformance.contract.model import (
    SERVICES,
    Contract,
    ErrorShape,
    Member,
    Operation,
    Paginator,
    Shape,
    Waiter,
)
from conformance.contract.places import without_nulls
from conformance.contract.presence import (
    Condition,
    Expectation,
    Level,
    Presence,
    Source,
    load_presence,
)
from conformance.contract.prose import Prose, ProseConstraint, load_prose
from conformance.contract.reading import only_reads
from conformance.contract.schema import Direction, wire_schema
from conformance.contract.validation import error_code, judge_error, judge_input, judge_output
from conformance.contract.violation import Kind, Violation

__all__ = [
    "SERVICES",
    "Breach",
    "Condition",
    "Contract",
    "Direction",
    "ErrorShape",
    "Expectation",
    "Kind",
    "Level",
    "Member",
    "Operation",
    "Paginator",
    "Passage",
    "Presence",
    "Prose",
    "ProseConstraint",
    "Shape",
    "Source",
    "Violation",
    "Waiter",
    "broken_keywords",
    "error_code",
    "error_schema",
    "judge_error",
    "judge_input",
    "judge_output",
    "load_contract",
    "load_passages",
    "load_presence",
    "load_prose",
    "on_the_wire",
    "only_reads",
    "schemas_folder",
    "wire_schema",
    "without_nulls",
]
