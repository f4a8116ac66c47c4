"""Where the committed schemas and presence overlays are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.errors import ConformanceError


def schemas_folder() -> Path:
    """Return the folder of schemas: inside the package when installed, beside it in a checkout.

    Raises ``ConformanceError`` when neither is there, which means a broken installation.
    """
    package = Path(__file__).resolve().parents[1]
    places = (package / "schemas", package.parent / "schemas")
    for place in places:
        # A folder of this name beside an installed package could be anybody's.
        if (place / "presence.schema.json").is_file():
            return place
    raise ConformanceError(
        f"the schemas are missing: looked in {places[0]} and {places[1]}",
        hint="Install ecr-conformance again, or run it from a complete checkout.",
    )


def service_document(service: str, api_version: str, name: str, what: str) -> Any:
    """Return the parsed ``<name>.json`` of a service; ``what`` is what a reader calls it.

    Raises ``ConformanceError`` when there is none for that API version.
    """
    path = schemas_folder() / service / api_version / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConformanceError(
            f"there is no {what} for {service} {api_version}: {path} is missing",
            hint="Install ecr-conformance again, or run it from a complete checkout.",
        ) from None
