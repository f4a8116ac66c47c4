"""The policy of recordings: what stands for a secret has its form.

So a replay is judged as the recorded run was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.redaction.accounts import EXAMPLE
from conformance.transport.redaction.contents import changed_contents, redacted_body
from conformance.transport.redaction.finding import in_header, known_secrets
from conformance.transport.redaction.masks import Masks
from conformance.transport.redaction.nesting import Redact
from conformance.transport.redaction.texts import Texts

__all__ = ["Redactor"]

_ROUNDS = 8
"""How often digests are looked for: what names one that changed has another one itself."""

_Message = TypeVar("_Message", Request, Response)


class Redactor:
    """Takes out of exchanges what may not be written into a recording.

    ``words`` are texts to replace wherever they stand, each by one of its length; where one has
    hyphens it is also looked for with underscores. ``own_account`` becomes the example id of AWS's
    documentation, any other account's id twelve digits that follow from it and ``salt`` (16 bytes
    at least). A salt that is kept in memory alone, and shared by all processes of a run, makes
    replacements the same throughout the run and impossible to trace back.

    Where a manifest or a layer changes, the digest of the new one is written for the old one's, in
    this exchange and all later ones; ``learn`` makes it known before. Raises ``ValueError`` for a
    word and a replacement of different lengths, and for a short salt.
    """

    def __init__(self, *, words: Mapping[str, str], own_account: str | None, salt: bytes) -> None:
        self._masks = Masks(salt)
        self._words = _spellings(words)
        self._own = None if own_account == EXAMPLE else own_account
        self._digests: dict[str, str] = {}

    def __call__(self, exchange: Exchange) -> Exchange:
        """The exchange as it may be written."""
        self.learn([exchange])
        texts = self._texts(exchange)
        answer, failure = exchange.response, exchange.failure
        return replace(
            exchange,
            request=_request(exchange.request, texts),
            response=None if answer is None else _answer(exchange.request, answer, texts),
            failure=None if failure is None else texts.redact(failure),
        )

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Find out which digests change, before the first of these exchanges is redacted.

        Needed where a digest is mentioned before what it is of, as in an image's configuration
        that is uploaded before the image's layers.
        """
        known = list(exchanges)
        for _ in range(_ROUNDS):
            news = [self._learn(exchange) for exchange in known]
            if not any(news):
                break

    def _learn(self, exchange: Exchange) -> bool:
        """Whether there was something new."""
        texts = self._texts(exchange)
        bodies = [exchange.request.body, exchange.response.body if exchange.response else b""]
        changes = {
            _digest(old): _digest(new)
            for body in bodies
            for old, new in changed_contents(body.decode("latin-1"), texts)
        }
        news = dict(changes.items() - self._digests.items())
        self._digests.update(news)
        return bool(news)

    def _texts(self, exchange: Exchange) -> Texts:
        known = {
            secret: self._masks.secret(secret) for secret in known_secrets(exchange, answers=True)
        }
        exact = {**known, **self._words}
        longest_first = sorted(exact.items(), key=lambda pair: len(pair[0]), reverse=True)
        return Texts(self._masks, self._own, longest_first, self._digests)


def _request(request: Request, texts: Texts) -> Request:
    body = _in_text(request.body, lambda text: redacted_body(text, texts))
    return replace(_message(request, body, texts), url=texts.redact(request.url))


def _answer(request: Request, answer: Response, texts: Texts) -> Response:
    is_layer = request.method == "GET" and answer.status < 400
    return _message(answer, _in_text(answer.body, texts.known if is_layer else texts.redact), texts)


def _message(message: _Message, body: bytes, texts: Texts) -> _Message:
    headers = tuple((name, _field(name.lower(), value, texts)) for name, value in message.headers)
    return replace(message, headers=_describing(body, message.body, headers), body=body)


def _field(name: str, value: str, texts: Texts) -> str:
    return texts.redact(in_header(name, value, texts.masks.secret))


def _spellings(words: Mapping[str, str]) -> dict[str, str]:
    for word, replacement in words.items():
        if len(word) != len(replacement):
            raise ValueError(f"{replacement!r} has not the length of {word!r}")
    spelt = {word.replace("-", "_"): new.replace("-", "_") for word, new in words.items()}
    return {**spelt, **words}


def _describing(body: bytes, before: bytes, headers: Headers) -> Headers:
    """The header fields, where those that told of the body before tell of this one."""
    if body == before:
        return headers
    told = {
        ("content-length", str(len(before))): str(len(body)),
        ("x-amz-content-sha256", _digest(before)): _digest(body),
    }
    return tuple((name, told.get((name.lower(), value), value)) for name, value in headers)


def _in_text(body: bytes, redact: Redact) -> bytes:
    # Latin-1 maps every byte to a character and back, whatever the body's encoding is.
    text = body.decode("latin-1")
    redacted = redact(text)
    return body if redacted == text else redacted.encode("latin-1")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
