"""How a body departs from the contract, in words a reader can check against the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from conformance.contract.presence import Level

Kind = Literal["schema", "presence", "presence-later", "undocumented", "null"]
"""``schema``: a wrong type or broken constraint. ``presence``: a member real answers carry is
absent; ``presence-later`` when AWS added that member after the first release. ``undocumented``: a
member the model does not have. ``null``: a member given as null, which AWS leaves out instead.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""All of them."""

Path = tuple[str | int, ...]
"""The way to a value: member names and list indexes from the body inwards."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One departure from the contract.

    ``pointer`` is the JSON Pointer (RFC 6901) of the value, or of where it would be; ``message``
    one sentence.
    """

    kind: Kind
    level: Level
    pointer: str
    message: str


def pointer(path: Sequence[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of ``path``; the empty string for the whole body."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def spoken(path: Sequence[str | int]) -> str:
    """Return ``path`` as a reader writes it: ``imageDetails[0].imagePushedAt``."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".") or "the body"


def json_type(value: object) -> str:
    """Return the JSON name of a parsed value's type, with its article."""
    if value is None:
        return "null"
    # bool before int: Python's True is an int, JSON's true is not a number.
    names = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return next((n for kind, n in names.items() if isinstance(value, kind)), "a number")
