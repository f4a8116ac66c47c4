"""What the ECR Public Gallery shows of a repository: some to put there, reading, comparing it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import describe, refusal, structure, success
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry

NO_CATALOG_DATA = "RepositoryCatalogDataNotFoundException"

CATALOG_DATA: dict[str, Any] = {
    "description": "of no use",
    "architectures": ["ARM 64", "x86-64"],
    "operatingSystems": ["Linux"],
    "aboutText": "# About",
    "usageText": "# Usage",
}
"""Something for every member that an answer gives back as it was given."""

OTHER_CATALOG_DATA: dict[str, Any] = {
    "description": "of another use",
    "architectures": ["ARM", "x86"],
    "operatingSystems": ["Windows"],
    "aboutText": "# Something else",
    "usageText": "# Some other usage",
}
"""Another value for each of those members."""


def logo(seed: str, size: int = 0) -> bytes:
    """A PNG of 200 by 200 pixels with a text in it, padded by that text to ``size`` bytes.

    The format: https://www.w3.org/TR/png-3/.
    """
    header = struct.pack(">IIBBBBB", 200, 200, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * 200 for _ in range(200)))
    begin = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    end = _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    text = b"Comment\0" + seed.encode()
    frame = len(_chunk(b"tEXt", b""))
    return begin + _chunk(b"tEXt", text.ljust(size - len(begin) - len(end) - frame, b".")) + end


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def catalog_data(registry: Registry, repository: str) -> dict[str, Any]:
    """What ``GetRepositoryCatalogData`` answers; empty where it says that there is none.

    ``Untestable`` when it says neither.
    """
    response = registry.send("GetRepositoryCatalogData", {"repositoryName": repository})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == NO_CATALOG_DATA:
        return {}
    if answer is None:
        raise Untestable("GetRepositoryCatalogData", describe(response))
    return structure(answer, "catalogData")


def put_data(registry: Registry, repository: str, data: Mapping[str, Any]) -> None:
    """Put catalog data. ``Untestable`` where that is refused."""
    registry.given("PutRepositoryCatalogData", repositoryName=repository, catalogData=data)


def keep_data(registry: Registry, repository: str, data: Mapping[str, Any]) -> None:
    """Put catalog data. ``Untestable`` unless it can be got."""
    put_data(registry, repository, data)
    confirm_data(registry, repository, data)


def confirm_data(registry: Registry, repository: str, data: Mapping[str, Any]) -> None:
    """Give up, ``Untestable``, unless catalog data can be got."""
    registry.settle(
        "GetRepositoryCatalogData",
        lambda: require_data(catalog_data(registry, repository), data, "got as"),
    )


def require_kept(registry: Registry, repository: str, wanted: Mapping[str, Any]) -> None:
    """Require that a repository's catalog data comes to have some members."""
    registry.eventually(lambda: require_data(catalog_data(registry, repository), wanted, "got as"))


def require_data(found: Mapping[str, Any], wanted: Mapping[str, Any], how: str) -> None:
    """Require that catalog data has some members; ``how`` says how it came, as in "got as"."""
    for member, value in wanted.items():
        kept = found.get(member)
        assert _unordered(kept) == _unordered(value), (
            f"{member} is {_shown(value)}, {how} {_shown(kept)}"
        )


def _unordered(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:99]}… ({len(text)} characters)"
