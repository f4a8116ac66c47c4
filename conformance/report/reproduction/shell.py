"""Shell text that nothing a target says can break out of."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from conformance.report.plain_text import printable
from conformance.report.reproduction.chaining import DOWNLOAD, Capture
from conformance.report.reproduction.plan import Step
from conformance.report.reproduction.text import Part, Repeat, Variable, size

__all__ = ["produce", "quote", "script", "with_answer", "word"]

_WORD_LIMIT = 4000
"""Characters a body may have as a word of a command line; a kernel takes 128 KiB."""

_CODE_LIMIT = 100_000


def quote(text: str) -> str:
    """One shell word that stands for the text."""
    if printable(text):
        return shlex.quote(text)
    return f'"$({_python([text], "utf-8")})"'


def word(parts: Sequence[Part]) -> str | None:
    """The parts as one shell word, or ``None`` where they are better produced by a command."""
    texts = [part for part in parts if isinstance(part, str)]
    repeats = any(isinstance(part, Repeat) for part in parts)
    if repeats or size(list(parts)) > _WORD_LIMIT or not all(map(printable, texts)):
        return None
    return "".join(_piece(part) for part in parts) or "''"


def produce(parts: Iterable[Part]) -> str:
    """A command that writes the parts to its output; characters are bytes, in Latin-1."""
    return _python(parts, "latin-1")


def with_answer(command: str, step: Step, answer: str) -> list[str]:
    """The lines that run a command, and keep of its answer what later steps need.

    ``answer`` is a Python expression for the answer's JSON, in which ``text`` is what was printed.
    """
    if not step.captures:
        return [command]
    lines = [f"answer=$({command})", "printf '%s\\n' \"$answer\""]
    return lines + [_capture(taken, answer) for taken in step.captures]


def script(lines: Iterable[str]) -> str:
    """Lines as one command that can be pasted into any shell and leaves its settings alone."""
    text = "\n".join(lines)
    end = "END"
    while re.search(rf"^{end}$", text, re.MULTILINE):
        end += "_"
    return f"sh <<'{end}'\n{text}\n{end}\n"


def _capture(taken: Capture, answer: str) -> str:
    """A line that takes a value out of the shell's ``answer``, or ends the script.

    A download address is kept as it is, any other value as JSON, ready for a later request.
    """
    way = "".join(f"[{_key(key)}]" for key in taken.path)
    value = f"json.loads({answer}){way}"
    shown = value if taken.value[0] == DOWNLOAD else f"json.dumps({value})"
    code = f"import json, sys; text = sys.stdin.read(); print({shown})"
    source = f"printf '%s' \"$answer\" | python3 -c {shlex.quote(code)}"
    return f"{taken.variable}=$({source}) || exit"


def _python(parts: Iterable[Part], encoding: str) -> str:
    kept = list(parts)
    names = list(dict.fromkeys(part.name for part in kept if isinstance(part, Variable)))
    terms = " + ".join(_term(part, names, encoding) for part in kept) or 'b""'
    arguments = "".join(f' "${name}"' for name in names)
    code = f"import sys; sys.stdout.buffer.write({terms})"
    if len(code) > _CODE_LIMIT:  # printf is part of the shell, so it takes a word of any length
        return f"printf %s {shlex.quote(code)} | python3 -{arguments}"
    return f"python3 -c {shlex.quote(code)}{arguments}"


def _piece(part: Part) -> str:
    if isinstance(part, Variable):
        return f'"${part.name}"'
    return shlex.quote(part) if isinstance(part, str) else ""


def _term(part: Part, names: Sequence[str], encoding: str) -> str:
    if isinstance(part, Variable):
        return f"sys.argv[{names.index(part.name) + 1}].encode()"
    if isinstance(part, Repeat):
        return f"{_bytes(part.unit, encoding)} * {part.count}"
    return _bytes(part, encoding)


def _key(key: str | int) -> str:
    plain = isinstance(key, str) and key.isascii() and key.isalnum()
    return f'"{key}"' if plain else ascii(key)


def _bytes(text: str, encoding: str) -> str:
    """Bytes in Python without an apostrophe, which a quoted shell word cannot hold."""
    return f'b"{"".join(_byte(each) for each in text.encode(encoding, "replace"))}"'


def _byte(value: int) -> str:
    character = chr(value)
    if character in '"\\':
        return f"\\{character}"
    shown = character.isascii() and character.isprintable() and character != "'"
    return character if shown else f"\\x{value:02x}"
