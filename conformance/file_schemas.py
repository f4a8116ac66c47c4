"""The JSON Schemas of the files this package writes and reads."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract import schemas_folder
from conformance.contract.decider import Decider, accepts, decider
from conformance.errors import ConformanceError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = ["MalformedFile", "breach", "read_json", "require_valid"]


class MalformedFile(ConformanceError):
    """A file that is not what it says it is; it must not be taken for a result."""

    code = "malformed-file"


def read_json(path: Path) -> Any:
    """The content of a file of JSON. Raises ``MalformedFile`` when it is none."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise MalformedFile(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise MalformedFile(f"{path} is not JSON") from None


def require_valid(value: Any, schema: str, where: str, part: str | None = None) -> None:
    """Raise ``MalformedFile`` when ``value`` breaks ``schemas/<schema>.schema.json``.

    ``where`` starts the sentence: the file, and the line where it has lines. ``part`` names what
    of the file the value is, as the schema's ``$defs`` do; ``None`` for all of it.
    """
    if (words := breach(value, schema, part)) is not None:
        raise MalformedFile(f"{where}: {words}")


def breach(value: Any, schema: str, part: str | None = None) -> str | None:
    """How ``value`` breaks ``schemas/<schema>.schema.json``, ``None`` where it does not."""
    # jsonschema-rs decides, because it is many times as fast; jsonschema explains.
    if accepts(_decider(schema, part), value):
        return None
    from jsonschema.exceptions import best_match

    error = best_match(_validator(schema, part).iter_errors(value))
    return None if error is None else f"{error.json_path}: {_shortened(error.message)}"


def _shortened(message: str) -> str:
    # jsonschema quotes the whole offending value, which may be a whole report.
    half = 140
    return message if len(message) <= 2 * half else f"{message[:half]} ... {message[-half:]}"


@cache
def _decider(schema: str, part: str | None) -> Decider:
    return decider(_parsed(schema, part))


@cache
def _validator(schema: str, part: str | None) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_parsed(schema, part))


def _parsed(schema: str, part: str | None) -> Any:
    whole = json.loads((schemas_folder() / f"{schema}.schema.json").read_text(encoding="utf-8"))
    return {"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]} if part else whole
