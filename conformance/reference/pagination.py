"""Listings in pages.

Order is arbitrary but stable: AWS promises none, and a reader who relies on one is to be found
out. Each element has a key; a page begins after the last key of the page before, so what is added
or deleted meanwhile moves nothing else.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from conformance.reference.call import Call, Parameters
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.sealing import seal

_T = TypeVar("_T")

DEFAULT_PAGE = 100
"""Elements of a page of most listings where ``maxResults`` is absent: "returns up to 100 results"
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html)."""

_POSITION = 16
"""Bytes of a token that say where to go on; the rest proves that the token is ours."""


def page(
    elements: Mapping[str, _T], given: Parameters, call: Call, default: int = DEFAULT_PAGE
) -> tuple[list[_T], dict[str, str]]:
    """One page of ``elements``, and ``nextToken`` as a member of the answer if more follow.

    ``default`` is the size of a page where ``maxResults`` is absent.

    Raises ``InvalidParameterException`` for a ``nextToken`` that this listing did not give.
    """
    start = _position(given["nextToken"], given, call) if "nextToken" in given else b""
    placed = ((_place(call.secret, key), key) for key in elements)
    rest = [(place, key) for place, key in placed if place > start]
    shown = heapq.nsmallest(given.get("maxResults", default), rest)
    more = {"nextToken": _token(shown[-1][0], given, call)} if len(rest) > len(shown) else {}
    return [elements[key] for _, key in shown], more


def all_or_page(given: Parameters, selection: str) -> None:
    """Refuse a selection together with paging.

    "This option cannot be used when you specify images with imageIds" (ECR's DescribeImages;
    likewise DescribeRepositories). That it is refused, and how, is not public.
    """
    for option in ("nextToken", "maxResults"):
        if selection in given and option in given:
            raise invalid(option, f"{option} cannot be used together with {selection}")


@lru_cache(maxsize=2**15)
def _place(secret: bytes, key: str) -> bytes:
    # Remembered, because each page of a listing asks for the places of all that it lists.
    return seal(secret, f"place {key}")[:_POSITION]


def _token(position: bytes, given: Parameters, call: Call) -> str:
    return base64.b64encode(position + _proof(position, given, call)).decode()


def _position(token: str, given: Parameters, call: Call) -> bytes:
    try:
        content = base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        raise _invalid_token() from None
    position = content[:_POSITION]
    if content[_POSITION:] != _proof(position, given, call):
        raise _invalid_token()
    return position


def _proof(position: bytes, given: Parameters, call: Call) -> bytes:
    """A token belongs to one listing: registry, operation and all parameters but the page's."""
    listing = {k: v for k, v in given.items() if k not in ("nextToken", "maxResults")}
    words = [repr(call.key), call.operation, json.dumps(listing, sort_keys=True), position.hex()]
    return call.seal(f"page {words}")


def _invalid_token() -> Refusal:
    # https://github.com/regclient/regclient/issues/931; how the sentence goes on is not public.
    return invalid("NextToken", "Invalid next token provided.")
