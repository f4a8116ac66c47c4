"""No secret that an exchange can carry is found in what a recording writes, however one looks."""

from __future__ import annotations

from canaries import CANARIES, Canaries, exchanges
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import readings

from conformance.transport.exchange import Exchange


def parts(exchange: Exchange) -> list[bytes]:
    """All that a recording writes of an exchange."""
    request, answer = exchange.request, exchange.response
    texts = [request.url, exchange.failure or "", *(value for _, value in request.headers)]
    found = [text.encode("utf-8", "surrogatepass") for text in texts] + [request.body]
    if answer is not None:
        found += [answer.body, *(value.encode() for _, value in answer.headers)]
    return found


@settings(deadline=None, max_examples=200)
@given(st.data(), CANARIES)
def test_no_secret_is_found(data: st.DataObject, found: Canaries) -> None:
    """Whatever carries a secret, however it is wrapped up there, it is not in what is written."""
    written = parts(found.redactor()(data.draw(exchanges(found))))
    for secret in found.spelt():
        for part in written:
            for reading in readings(part):
                assert secret not in reading, (secret, part)
