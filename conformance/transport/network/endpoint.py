"""Where a server is: scheme, host and port, from the URL a user gives."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from conformance.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_.])?", re.IGNORECASE)
_HINT = (
    "Give the target as http://HOST:PORT or https://HOST[:PORT], for example http://127.0.0.1:5000"
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address. ``host`` is a name or an IP address, without brackets."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Read ``http(s)://HOST[:PORT][/]``. Raises ``UsageError`` for anything more or less."""
        parts = _split(url)
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS:
            raise _misuse(url, "it does not begin with http:// or https://")
        if parts.username is not None or parts.password is not None:
            raise _misuse(url, "it holds a user name or password")
        if parts.path not in ("", "/") or "?" in url or "#" in url:
            raise _misuse(url, "something follows host and port")
        return cls(scheme, _host(url, parts), _port(url, parts, scheme))

    @property
    def url(self) -> str:
        """The address as a URL without a path; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        """The URL, as messages show it."""
        return self.url


def _misuse(url: str, reason: str) -> UsageError:
    shown = re.sub(r"//[^/]*@", "//***@", url)
    return UsageError(f"{shown!r} is not the address of a server: {reason}", _HINT)


def _split(url: str) -> SplitResult:
    # urlsplit drops line breaks and tabs silently, so that they would never be noticed below.
    if any(character.isspace() or not character.isprintable() for character in url):
        raise _misuse(url, "it holds a space or a control character")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise _misuse(url, str(error)) from None


def _host(url: str, parts: SplitResult) -> str:
    host = parts.hostname
    if not host:
        raise _misuse(url, "the host is missing")
    if not _HOST_NAME.fullmatch(host) and not _is_ipv6(host):
        raise _misuse(url, f"{host!r} is not a host name")
    return host


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _port(url: str, parts: SplitResult, scheme: str) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _misuse(url, "the port is not a number from 1 to 65535")
    return port or _DEFAULT_PORTS[scheme]
