"""Pages that need nothing but a browser: ``report.html``, and products side by side.

The words of ``report.html`` are HTML; what is behind folds (evidence of what passes, exchanges,
scripts) is HTML too, compressed (``packing``) and unpacked by the browser when a fold is opened.
All of it is made by Jinja with escaping on, and a content security policy lets no other script run
and nothing be loaded.
"""

from conformance.report.html.certificate_page import report_page
from conformance.report.html.products_page import products_page

__all__ = ["products_page", "report_page"]
