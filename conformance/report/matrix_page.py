"""Products side by side as a page: one file of HTML that needs no network and no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.report.brief import product_name
from conformance.report.plain_text import one_line
from conformance.report.product_matrix import ProductMatrix

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["matrix_page"]

_TEMPLATE = Path(__file__).parent / "html" / "products.html.jinja"


def matrix_page(matrix: ProductMatrix) -> str:
    """The page."""
    tables = (
        ("profiles", "Profiles", "MUST rules", matrix.profiles),
        ("operations", "Operations", "checks of MUST rules", matrix.operations),
        ("rules", "Rules they differ in", "checks", matrix.rules),
    )
    names = [product_name(each) for each in matrix.products]
    return _template().render(matrix=matrix, names=names, tables=tables)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _shown(value: Any) -> Any:
    """A text fit for a page; an emulator's version may hold anything."""
    from markupsafe import Markup

    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value
