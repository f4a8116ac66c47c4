"""Where the committed schemas and presence overlays are."""

from __future__ import annotations

from pathlib import Path

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
