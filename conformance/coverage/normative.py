"""Which sentences of the documentation promise or demand something, and of which operations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from conformance.contract import Contract, Passage, load_passages, load_prose
from conformance.contract.schema import reachable

_MARKS = (
    # what has to be, is possible, or never happens
    "must|can|can't|cannot|may|might|could|will|won't|only|always|never|required|optional"
    "|optionally|(?:is|are|does|do) not|isn't|aren't|doesn't|don't"
    # under which circumstances
    "|once|each|if|when|unless|until|after"
    # within which limits
    "|by default|defaults?|up to|at most|at least|maximum|minimum|between|valid|supported"
    # what happens then
    "|returns?|fails|continues|consists|follows|retained"
)
_MARK = re.compile(rf"\b(?:{_MARKS})\b", re.IGNORECASE)


def normative_passages(contract: Contract) -> Iterator[Passage]:
    """The sentences that promise or demand something, with their places.

    These are the sentences with a word that says so, and those that the table of prose has. The
    first sentence about an operation or an error is not among them: it says what the operation
    does or when the error comes, which is an item of its own.
    """
    prose = load_prose(contract.service, contract.api_version)
    tabled = {(entry.quote, place) for entry in prose.constraints for place in entry.places}
    summarised = {*contract.operations, *_errors(contract)}
    for passage in load_passages(contract.service):
        if passage.place in summarised:
            summarised.remove(passage.place)
        elif _MARK.search(passage.sentence) or (passage.sentence, passage.place) in tabled:
            yield passage


def overruled(contract: Contract, passage: Passage) -> str:
    """Why rules go by something else than a sentence, where the table of prose says so."""
    prose = load_prose(contract.service, contract.api_version)
    for entry in prose.constraints:
        if entry.quote == passage.sentence and passage.place in entry.places:
            return entry.why if entry.wins in ("model", "elsewhere") else ""
    return ""


def reach(contract: Contract) -> Mapping[str, frozenset[str]]:
    """By operation, shape or error: the operations whose requests or answers it is part of."""
    found: dict[str, set[str]] = defaultdict(set)
    for operation in contract.operations.values():
        codes = (error.code for error in operation.errors)
        shapes = reachable(contract, [operation.input, operation.output, *codes])
        for name in (operation.name, *shapes):
            found[name].add(operation.name)
    return {name: frozenset(operations) for name, operations in found.items()}


def without_names(sentence: str, contract: Contract) -> str:
    """A sentence without the names of operations: many operations are told the same."""
    return re.sub(rf"\b(?:{'|'.join(contract.operations)})(?:Request)?\b", "…", sentence)


def _errors(contract: Contract) -> set[str]:
    return {error.code for op in contract.operations.values() for error in op.errors}
