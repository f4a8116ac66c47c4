"""Waiver files: TOML, with a ``[[waiver]]`` table for each waiver."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.file_schemas import MalformedFile, require_valid
from conformance.report.plain_text import one_line
from conformance.report.waivers import Waiver, refuse_on_aws

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["WaiverFile", "check_file", "draft_of", "parse_waivers", "read_waivers"]

_FIELDS = ("id", "reason", "issue", "expires")
_PLACEHOLDERS = ("reason", "issue")


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What a file holds: waivers, and a sentence with file and line for each that is none."""

    waivers: tuple[Waiver, ...]
    complaints: tuple[str, ...]


def read_waivers(path: Path, *addresses: str) -> tuple[Waiver, ...]:
    """The waivers of a file, for a target of these names and endpoints.

    Raises ``UsageError`` where the file is not in order, or the target is AWS.
    """
    refuse_on_aws(*addresses)
    found = parse_waivers(_text(path), str(path))
    if found.complaints:
        first, *others = found.complaints
        more = f" (and {len(others)} more)" if others else ""
        raise UsageError(first + more, f"ecr-conformance waivers check {path}")
    return found.waivers


def check_file(path: Path) -> WaiverFile:
    """The same with its complaints. Raises ``UsageError`` for what is no TOML of this form."""
    return parse_waivers(_text(path), str(path))


def parse_waivers(text: str, name: str) -> WaiverFile:
    """The content of a file called ``name``. Raises ``UsageError`` for what is no such TOML."""
    lines = text.replace("\r\n", "\n").split("\n")
    tables = _tables("\n".join(lines), name)
    starts = list(_starts(lines))
    if len(starts) != len(tables):
        raise UsageError(f"{name}: a waiver is not written as a [[waiver]] table of its own")
    waivers = [
        Waiver(**{field: str(table.get(field, "")) for field in _FIELDS}, place=f"{name}:{start}")
        for table, start in zip(tables, starts, strict=True)
    ]
    wrong = list(_wrong(tables, waivers))
    bad = {waiver.place for waiver, _ in wrong}
    return WaiverFile(
        waivers=tuple(waiver for waiver in waivers if waiver.place not in bad),
        complaints=tuple(f"{waiver.place}: {complaint}" for waiver, complaint in wrong),
    )


def draft_of(waivers: Iterable[tuple[Waiver, str]], heading: str) -> str:
    """The text of a file with these waivers, each under a remark; ``heading`` is one, too.

    ``parse_waivers`` is the inverse.
    """
    blocks = [f"# {one_line(heading)}\n", *(_table(waiver, remark) for waiver, remark in waivers)]
    return "\n".join(blocks)


def _table(waiver: Waiver, remark: str) -> str:
    fields = (f"{field} = {_quoted(getattr(waiver, field))}" for field in _FIELDS[:-1])
    lines = [f"# {one_line(remark)}", "[[waiver]]", *fields, f"expires = {waiver.expires}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # What JSON escapes, TOML does too, but it also wants the one control character beyond ASCII's
    # printable ones escaped. https://toml.io/en/v1.0.0#string
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8", "a waiver file is TOML") from None


def _tables(text: str, name: str) -> list[dict[str, Any]]:
    try:
        # TOML has dates, JSON Schema has not.
        parsed = json.loads(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: {error}", "a waiver file is TOML") from None
    except RecursionError:
        raise UsageError(f"{name} is nested too deeply", "a waiver has four texts") from None
    tables = parsed.get("waiver", [])
    others = {**parsed, "waiver": []} if isinstance(tables, list) else parsed
    try:
        require_valid(others, "waivers", name)
    except MalformedFile as error:
        raise UsageError(error.message, "a waiver is a table called [[waiver]]") from None
    return list(tables)


def _starts(lines: list[str]) -> Iterator[int]:
    """The lines, from 1, of the tables' headers. A TOML parser does not tell them."""
    begin = 0
    for index, line in enumerate(lines):
        # In the middle of a text of several lines, what comes before is no TOML by itself.
        if line.lstrip().startswith("[[") and _is_toml("\n".join(lines[begin:index])):
            begin = index
            yield index + 1


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _wrong(tables: list[dict[str, Any]], waivers: list[Waiver]) -> Iterator[tuple[Waiver, str]]:
    seen: dict[str, Waiver] = {}
    for table, waiver in zip(tables, waivers, strict=True):
        complaint = _complaint(table)
        first = seen.setdefault(waiver.id, waiver)
        if complaint:
            yield waiver, complaint
        elif first is not waiver:
            yield waiver, f"{waiver.id} is waived in {first.place} already"


def _complaint(table: dict[str, Any]) -> str:
    for field in _PLACEHOLDERS:
        if table.get(field) == "":
            return f"the {field} for {table.get('id')} is not filled in"
    try:
        require_valid({"waiver": [table]}, "waivers", "the waiver")
        date.fromisoformat(table["expires"])
    except MalformedFile as error:
        return error.message
    except ValueError:
        return f"there is no day {table['expires']}"
    return ""
