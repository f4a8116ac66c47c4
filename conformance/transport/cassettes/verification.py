"""Checking cassettes: whether they are what they say, and say what they may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from conformance.contract import Violation, judge_error, judge_output
from conformance.file_schemas import breach
from conformance.transport.cassettes.cassette import (
    BLOCK,
    SCHEMA,
    Cassette,
    cassette_of,
    digest_of,
)
from conformance.transport.cassettes.contracts import contract_of
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.parsing import parsed_file
from conformance.transport.cassettes.recording import (
    MANIFEST,
    Recording,
    cassette_path,
    is_recording,
    read_recording,
)
from conformance.transport.exchange import Exchange, Headers, NotJson, parse_json

Kind = Literal["form", "digest", "provenance", "manifest", "contract", "secret"]

_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cassette.

    ``number`` is the interaction's, from 0; ``None`` where the problem is with the whole file.
    """

    kind: Kind
    path: Path
    number: int | None
    message: str

    @property
    def place(self) -> str:
        """The file, and the interaction in it."""
        return (
            f"{self.path}" if self.number is None else f"{self.path}: interactions[{self.number}]"
        )


def verify(
    paths: Iterable[Path], folder: Path, redact: Callable[[Exchange], Exchange]
) -> Iterator[Problem]:
    """What is wrong with the cassettes of a folder, one after the other.

    ``redact`` is what takes secrets out of exchanges: what it changes should not have been there,
    account ids apart, which cannot be told from what stands for them. Raises ``MalformedCassette``
    for a file that is no cassette, and where the manifest is broken.
    """
    recording = read_recording(folder) if is_recording(folder) else None
    for path in paths:
        parsed = parsed_file(path)
        cassette = cassette_of(parsed, path)
        yield from _of_file(path, parsed)
        yield from _of_origin(path, cassette, recording, folder)
        for number, interaction in enumerate(cassette.interactions):
            for violation in _violations(interaction):
                told = f"{interaction.operation}: {violation.message}"
                yield Problem("contract", path, number, told)
            for told in _secrets(interaction, redact):
                yield Problem("secret", path, number, told)


def _of_file(path: Path, parsed: Mapping[str, Any]) -> Iterator[Problem]:
    if BLOCK not in parsed:
        unknown = "another tool recorded it, and nothing tells of what: see cassettes import"
        yield Problem("provenance", path, None, unknown)
        return
    if (words := breach(parsed, SCHEMA)) is not None:
        yield Problem("form", path, None, words)
    block = {name: value for name, value in parsed[BLOCK].items() if name != "digest"}
    if parsed[BLOCK].get("digest") != digest_of(block, parsed["interactions"]):
        yield Problem("digest", path, None, "it was changed after it was written")


def _of_origin(
    path: Path, cassette: Cassette, recording: Recording | None, folder: Path
) -> Iterator[Problem]:
    if cassette.origin is None:
        if recording is not None:
            words = "it is not of the run that recorded what is beside it"
            yield Problem("provenance", path, None, words)
        return
    if recording is None:
        if _is_at_home(path, folder, cassette.scenario):  # by itself it needs no manifest
            yield Problem("manifest", path, None, f"there is no {MANIFEST} in {folder}")
        return
    for name in ("product", "region", "seed"):
        told, wanted = getattr(cassette.origin, name), getattr(recording.origin, name)
        if told != wanted:
            words = f"its {name} is {told}, that of the recording {wanted}"
            yield Problem("provenance", path, None, words)
    if not _is_at_home(path, folder, cassette.scenario):
        yield Problem("manifest", path, None, f"it is not where {cassette.scenario} belongs")


def _is_at_home(path: Path, folder: Path, scenario: str | None) -> bool:
    """Whether a cassette is where a recording in the folder has that of its scenario."""
    try:
        return scenario is not None and path == cassette_path(folder, scenario)
    except ValueError:  # no scenario has such a long name
        return False


def _violations(interaction: Interaction) -> list[Violation]:
    """How the recorded answer departs from what AWS promises of every answer."""
    contract, response = contract_of(interaction.request), interaction.response
    if contract is None or response is None or interaction.operation not in contract.operations:
        return []
    try:
        body = parse_json(response.body)
    except NotJson as error:
        return [Violation("schema", "must", "", f"the body is no JSON: {error}")]
    judge = judge_output if response.status == 200 else judge_error
    violations = judge(contract, interaction.operation, body)
    return [violation for violation in violations if violation.level == "must"]


def _secrets(interaction: Interaction, redact: Callable[[Exchange], Exchange]) -> Iterator[str]:
    """Where secrets are left, in words that do not repeat them."""
    redacted = interaction.redacted(redact)
    sent, kept = interaction.request, redacted.request
    yield from _changed("the address of the request", sent.url, kept.url)
    yield from _changed_headers("the request", sent.headers, kept.headers)
    yield from _changed("the body of the request", sent.body, kept.body)
    if interaction.response is not None and redacted.response is not None:
        answered, left = interaction.response, redacted.response
        yield from _changed_headers("the answer", answered.headers, left.headers)
        yield from _changed("the body of the answer", answered.body, left.body)
    yield from _changed("the failure", interaction.failure or "", redacted.failure or "")


def _changed_headers(what: str, before: Headers, after: Headers) -> Iterator[str]:
    for (name, old), (_, new) in zip(before, after, strict=True):
        if name.lower() != "content-length":  # which tells of a body that is told of itself
            yield from _changed(f"the header {name} of {what}", old, new)


def _changed(what: str, before: str | bytes, after: str | bytes) -> Iterator[str]:
    if _without_accounts(before) != _without_accounts(after):
        yield f"{what} has a credential, a token or a signature"


def _without_accounts(value: str | bytes) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return _ACCOUNT.sub("account", text)
