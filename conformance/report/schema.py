"""The JSON Schemas of the files this package writes and reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = ["MalformedFile", "require_valid"]


class MalformedFile(ConformanceError):
    """A file that is not what it says it is; it must not be taken for a result."""

    code = "malformed-file"


def require_valid(value: Any, schema: str, where: str) -> None:
    """Raise ``MalformedFile`` when ``value`` breaks ``schemas/<schema>.schema.json``.

    ``where`` starts the sentence: the file, and the line where it has lines.
    """
    from jsonschema.exceptions import best_match

    error = best_match(_validator(schema).iter_errors(value))
    if error is not None:
        raise MalformedFile(f"{where}: {error.json_path}: {_shortened(error.message)}")


def _shortened(message: str) -> str:
    # jsonschema quotes the whole offending value, which may be a whole report.
    half = 140
    return message if len(message) <= 2 * half else f"{message[:half]} ... {message[-half:]}"


@lru_cache
def _validator(schema: str) -> Validator:
    from jsonschema import Draft202012Validator

    parsed = json.loads(_file(f"{schema}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(parsed)


def _file(name: str) -> Path:
    return next(folder / name for folder in _folders() if (folder / name).is_file())


def _folders() -> Iterator[Path]:
    """In the wheel the schemas lie in the package, in a checkout next to it."""
    package = Path(__file__).resolve().parents[1]
    yield package / "schemas"
    yield package.parent / "schemas"
