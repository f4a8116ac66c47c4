"""URLs of servers: what is accepted, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UsageError
from conformance.transport.network import Endpoint


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://127.0.0.1:5000", Endpoint("http", "127.0.0.1", 5000)),
        ("HTTP://LocalHost:80/", Endpoint("http", "localhost", 80)),
        (
            "https://api.ecr.us-east-1.amazonaws.com",
            Endpoint("https", "api.ecr.us-east-1.amazonaws.com", 443),
        ),
        ("http://[::1]:4566", Endpoint("http", "::1", 4566)),
        ("http://under_score.:1", Endpoint("http", "under_score.", 1)),
    ],
)
def test_a_server_address_is_read(url: str, endpoint: Endpoint) -> None:
    """Scheme, host and port are found, the port by the scheme where it is left out."""
    assert Endpoint.parse(url) == endpoint


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://host", "it does not begin with http:// or https://"),
        ("localhost:5000", "it does not begin with http:// or https://"),
        ("http://", "the host is missing"),
        ("http://:5000", "the host is missing"),
        ("http://ho st", "it holds a space or a control character"),
        ("http://host\n", "it holds a space or a control character"),
        ("http://-host", "'-host' is not a host name"),
        ("http://hôte", "'hôte' is not a host name"),
        ("http://a:b:c", "the port is not a number from 1 to 65535"),
        ("http://host:0", "the port is not a number from 1 to 65535"),
        ("http://host:65536", "the port is not a number from 1 to 65535"),
        ("http://host/ecr", "something follows host and port"),
        ("http://host?x=1", "something follows host and port"),
        ("http://host/?", "something follows host and port"),
        ("http://host#x", "something follows host and port"),
        ("http://[::1", "Invalid IPv6 URL"),
    ],
)
def test_anything_else_is_wrong_usage(url: str, reason: str) -> None:
    """A URL that is not just a server's address is refused with the reason."""
    with pytest.raises(UsageError) as raised:
        Endpoint.parse(url)
    assert raised.value.message == f"{url!r} is not the address of a server: {reason}"
    assert "http://HOST:PORT" in raised.value.hint


def test_a_password_is_not_repeated() -> None:
    """A URL with a password is refused without showing it."""
    with pytest.raises(UsageError, match=r"^'http://\*\*\*@host' is not .* user name or password$"):
        Endpoint.parse("http://me:secret@host")


@given(
    st.builds(
        Endpoint,
        st.sampled_from(["http", "https"]),
        st.one_of(
            st.ip_addresses().map(str),
            st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{2,3})?", fullmatch=True),
        ),
        st.integers(1, 65535),
    )
)
def test_a_url_says_what_was_read(endpoint: Endpoint) -> None:
    """An endpoint's URL reads back as the same endpoint."""
    assert Endpoint.parse(endpoint.url) == endpoint
