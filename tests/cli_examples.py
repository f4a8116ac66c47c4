"""The examples of requests and answers in AWS's own documentation of the AWS CLI.

https://github.com/aws/aws-cli/tree/develop/awscli/examples, as the package ``awscli`` brings them.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import awscli

_PAGES = Path(awscli.__file__).parent / "examples"
_PLACEHOLDERS = {
    "<aws_account_id>": "123456789012",
    '"12345678901"': '"123456789012"',
    ":12345678901:": ":123456789012:",
    ":account-id:": ":123456789012:",
    ":other-or-same-account-id:": ":123456789012:",
    "<YourCustomPublicRepositoryalias>": "YourCustomPublicRepositoryalias",
}
_INDENTED = re.compile(r"(?:^[ \t]+\S.*\n|^\s*\n)+", re.MULTILINE)
_CONTINUED = re.compile(r"\\[ \t]*\n")
_FILE = re.compile(r"Contents of ``(?P<name>[^`]+)``")


@dataclass(frozen=True)
class Example:
    """A command with the files that it reads, and what it prints.

    ``page`` is such as ``ecr/put-image``; ``number`` counts its examples from 1. ``printed`` is
    empty for a command that prints nothing, ``None`` where the page shows no JSON.
    """

    page: str
    number: int
    command: tuple[str, ...]
    files: dict[str, str]
    printed: dict[str, Any] | None

    @property
    def label(self) -> str:
        """What it is called in this project's tests."""
        return f"{self.page}-{self.number}"

    @property
    def service(self) -> str:
        """The service it calls."""
        return self.page.partition("/")[0]

    def option(self, name: str) -> str:
        """What the command gives with an option."""
        return self.command[self.command.index(f"--{name}") + 1]


def examples(service: str) -> Iterator[Example]:
    """Every example of a service."""
    for page in sorted((_PAGES / service).glob("*.rst")):
        text = _filled_in(page.read_text(encoding="utf-8")) + "\n"
        for number, part in enumerate(_parts(text), 1):
            yield Example(f"{service}/{page.stem}", number, *part)


def _parts(text: str) -> Iterator[tuple[tuple[str, ...], dict[str, str], dict[str, Any] | None]]:
    """The examples of a page: each begins with a command, whose files and output follow."""
    commands = [each for each in _blocks(text) if each[1].startswith("aws ")]
    ends = [each[0] for each in commands[1:]] + [len(text)]
    for (start, command), end in zip(commands, ends):  # noqa: B905 (a page may have no command)
        rest = list(_blocks(text[start:end]))[1:]
        files: dict[str, str] = {}
        printed: dict[str, Any] | None = {}
        for place, block in rest:
            introduction = text[start : start + place].rstrip().rpartition("\n")[2]
            if name := _FILE.search(introduction):
                files[name["name"]] = block
            elif introduction.startswith("Output"):
                printed = _json(block)
        yield tuple(shlex.split(_CONTINUED.sub(" ", command))[1:]), files, printed


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Literal blocks, with where each begins."""
    for match in _INDENTED.finditer(text):
        if block := dedent(match[0]).strip():
            yield match.start(), block


def _filled_in(text: str) -> str:
    """A page with values in the place of what it leaves to the reader."""
    for placeholder, value in _PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    return text


def _json(block: str) -> dict[str, Any] | None:
    try:
        parsed: dict[str, Any] = json.loads(block)
    except ValueError:
        return None  # a table, or a text
    return parsed
