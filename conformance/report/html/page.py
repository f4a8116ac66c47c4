"""Pages of one file: Jinja templates with the style and the script inside, and no network.

A page is a template that extends ``base.html.jinja``; ``macros.html.jinja`` has what pages share.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.report.plain_text import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["render", "render_macro"]

_FOLDER = Path(__file__).parent
_STYLE = "style.css"


def render(template: str, script: str | None = None, **values: Any) -> str:
    """A page made from a template of this folder, and a script where it has one."""
    return (
        _environment()
        .get_template(template)
        .render(
            style=_asset(_STYLE),
            script=_asset(script) if script else None,
            policy=_policy(_STYLE, script),
            **values,
        )
    )


def render_macro(template: str, macro: str, *values: Any) -> str:
    """What one macro of a template makes: a fragment of a page."""
    return str(getattr(_macros(template), macro)(*values))


def web_address(url: str) -> str | None:
    """The address if it is one of the web; any other scheme, such as a script, is no link."""
    return url if url.startswith(("https://", "http://")) else None


@cache
def _macros(template: str) -> object:
    return _environment().get_template(template).module


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["web_address"] = web_address
    return made


def _shown(value: Any) -> Any:
    """A text fit for a page: it may hold control characters, or halves of surrogate pairs."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _asset(name: str) -> Markup:
    from markupsafe import Markup

    return Markup(_text(name))  # noqa: S704 - a file of this package


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _policy(style: str, script: str | None) -> str:
    """Nothing is loaded, and only the page's own style and script are in force."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; "
        f"script-src '{_hash(script) if script else 'none'}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    digest = hashlib.sha256(_text(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
