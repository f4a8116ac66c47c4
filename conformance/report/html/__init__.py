"""``report.html``: the certificate as one page that needs nothing but a browser.

The page's words are HTML; what is behind folds (evidence of what passes, exchanges, scripts) is
HTML too, compressed (``packing``) and unpacked by the browser when a fold is opened. All of it is
made by Jinja with escaping on, and a content security policy lets no other script run and nothing
be loaded.
"""

from conformance.report.html.certificate_page import report_page

__all__ = ["report_page"]
