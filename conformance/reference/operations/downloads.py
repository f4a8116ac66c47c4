"""Presigned URLs of layers, and what is behind them.

AWS's lead to a bucket of S3. Here they lead back to where the request came from, so that they work
through any transport: in process as over HTTP.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from conformance.reference.call import Call
from conformance.reference.sealing import seal
from conformance.reference.state import Registry, RegistryKey

SECONDS = 3600
"""How long a URL is good. AWS's is not documented."""

PREFIX = "/layers/"
"""What the paths of such URLs begin with."""


def download_url(repository: str, digest: str, call: Call) -> str:
    """The URL of a layer, in the form of S3's presigned ones."""
    place = [call.key.service, call.key.account, call.key.region, repository, digest]
    path = PREFIX + "/".join(quote(part, safe="") for part in place)
    expires = int(call.now) + SECONDS
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Expires": str(expires),
        "X-Amz-Signature": _signature(call.secret, path, str(expires)),
    }
    return f"{call.origin}{path}?{urlencode(query)}"


def download(
    world: Mapping[RegistryKey, Registry], url: str, now: float, secret: bytes
) -> bytes | None:
    """The layer that a presigned URL is for.

    ``None`` where the URL was not given out, is out of date, or leads to what has been deleted.
    """
    parts = urlsplit(url)
    if not _is_valid(parts.path, parts.query, now, secret):
        return None
    place = [unquote(part) for part in parts.path.removeprefix(PREFIX).split("/")]
    service, account, region, name, digest = place
    registry = world.get(RegistryKey(service, account, region), Registry())
    repository = registry.repositories.get(name)
    return None if repository is None else repository.layers.get(digest)


def _is_valid(path: str, query: str, now: float, secret: bytes) -> bool:
    given = {name: values[0] for name, values in parse_qs(query).items()}
    expires, signature = given.get("X-Amz-Expires", ""), given.get("X-Amz-Signature", "")
    genuine = _signature(secret, path, expires)
    return hmac.compare_digest(signature.encode(), genuine.encode()) and now < int(expires)


def _signature(secret: bytes, path: str, expires: str) -> str:
    return seal(secret, f"download {path} {expires}").hex()
