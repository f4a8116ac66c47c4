"""Products side by side as a page: one file of HTML that needs no network and no script."""

from __future__ import annotations

from conformance.report.brief import product_name
from conformance.report.html.page import render
from conformance.report.product_matrix import ProductMatrix

__all__ = ["products_page"]


def products_page(matrix: ProductMatrix) -> str:
    """The page as HTML."""
    tables = (
        ("profiles", "Profiles", "required rules", matrix.profiles),
        ("operations", "Operations", "checks of required rules", matrix.operations),
        ("rules", "Rules they differ in", "checks", matrix.rules),
    )
    names = [product_name(each) for each in matrix.products]
    return render("products.html.jinja", matrix=matrix, names=names, tables=tables)
