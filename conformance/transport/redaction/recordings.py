"""The policy of recordings: what stands for a secret has its form.

So a replay is judged as the recorded run was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.redaction.accounts import EXAMPLE, is_dummy
from conformance.transport.redaction.contents import (
    changed_contents,
    changed_layers,
    has_contents,
    is_layer,
    redacted_body,
)
from conformance.transport.redaction.finding import (
    Replace,
    in_header,
    in_members,
    in_query,
    is_distinctive,
)
from conformance.transport.redaction.masks import Masks
from conformance.transport.redaction.names import Names
from conformance.transport.redaction.nesting import Redact, in_escapes
from conformance.transport.redaction.texts import Texts

__all__ = ["Redactor"]

_ROUNDS = 8
"""How often digests are looked for: what names one that changed has another one itself."""


class Redactor:
    """Takes out of exchanges what may not be written into a recording.

    ``words`` are texts to replace wherever they stand, each by one of its length; where one has
    hyphens it is also looked for with underscores. ``own_account`` becomes the example id of AWS's
    documentation, any other account's id twelve digits that follow from it and ``salt`` (16 bytes
    at least). A salt that is kept in memory alone, and shared by all processes of a run, makes
    replacements the same throughout the run and impossible to trace back.

    With ``own_names``, what the names of a run begin with, those of others are replaced, too: of
    principals, of repositories in a listing of the whole registry, and of public registries.

    Where a manifest or a layer changes, the digest of the new one is written for the old one's, in
    this exchange and all later ones; ``learn`` makes it known before. Raises ``ValueError`` for a
    word or account and a replacement of different lengths, and for a short salt.
    """

    def __init__(
        self,
        *,
        words: Mapping[str, str],
        own_account: str | None,
        salt: bytes,
        own_names: str = "",
    ) -> None:
        self._masks = Masks(salt)
        self._words = _spellings(words)
        self._names = Names(own_names, self._masks.name) if own_names else None
        # A dummy tells nobody's account, and the suite may send it in another's name.
        if own_account is not None and not is_dummy(own_account):
            self._words |= _spellings({own_account: EXAMPLE})
        self._digests: dict[str, str] = {}

    def __call__(self, exchange: Exchange) -> Exchange:
        """The exchange as it may be written."""
        redacted = self._redacted(exchange)
        for _ in range(_ROUNDS):
            if not self._learn(changed_contents(exchange, redacted)):
                break
            redacted = self._redacted(exchange)
        return redacted

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Find out which digests change, before the first of these exchanges is redacted.

        Needed where a digest is mentioned before what it is of, as in an image's configuration
        that is uploaded before the image's layers, and of a layer that is uploaded in parts.
        """
        holding = list(filter(has_contents, exchanges))
        for _ in range(_ROUNDS):
            both = [(exchange, self._redacted(exchange)) for exchange in holding]
            contents = [pair for before, after in both for pair in changed_contents(before, after)]
            if not self._learn([*contents, *changed_layers(both)]):
                break

    def _learn(self, contents: Iterable[tuple[bytes, bytes]]) -> bool:
        """Take note of contents that changed; whether there were some not known yet."""
        news = {_digest(old): _digest(new) for old, new in contents}
        known = news.items() <= self._digests.items()
        self._digests.update(news)
        return not known

    def _redacted(self, exchange: Exchange) -> Exchange:
        if self._names is not None:
            exchange = self._names.in_listing(exchange)
        request, answer, failure = exchange.request, exchange.response, exchange.failure
        seen: dict[str, str] = {}

        def hide(secret: str) -> str:
            masked = self._masks.secret(secret)
            if is_distinctive(secret):
                seen[secret] = masked
            return masked

        # First all that is found where it stands, because it may be repeated anywhere.
        sent = [in_query(request.url, hide), *_values(request.headers, hide)]
        came = [] if answer is None else _values(answer.headers, hide)
        if answer is not None:
            in_members(answer.body.decode("latin-1"), lambda value: in_escapes(value, hide))
        texts = self._texts(seen)
        return Exchange(
            exchange.service,
            exchange.operation,
            _request(request, sent, texts),
            None if answer is None else _answer(request, answer, came, texts),
            None if failure is None else texts.redact(failure),
            exchange.seconds,
        )

    def _texts(self, seen: Mapping[str, str]) -> Texts:
        exact = {**seen, **self._words}
        longest_first = sorted(exact.items(), key=lambda pair: len(pair[0]), reverse=True)
        return Texts(self._masks, longest_first, self._digests, self._names)


def _values(headers: Headers, hide: Replace) -> list[str]:
    return [in_header(name.lower(), value, hide) for name, value in headers]


def _request(request: Request, head: Sequence[str], texts: Texts) -> Request:
    body = _in_text(request.body, lambda text: redacted_body(text, texts))
    url, *values = _lines(head, texts)
    return Request(request.method, url, _described(request, values, body), body)


def _answer(request: Request, answer: Response, head: Sequence[str], texts: Texts) -> Response:
    body = _in_text(answer.body, texts.known if is_layer(request, answer) else texts.redact)
    return Response(answer.status, _described(answer, _lines(head, texts), body), body)


def _lines(lines: Sequence[str], texts: Texts) -> Sequence[str]:
    """Several short texts, redacted all at once, because that is quicker."""
    joined = "\n".join(lines)
    if "\\" in joined or joined.count("\n") != len(lines) - 1:
        return [texts.redact(line) for line in lines]
    return texts.redact(joined).split("\n")


def _spellings(words: Mapping[str, str]) -> dict[str, str]:
    for word, replacement in words.items():
        if len(word) != len(replacement):
            raise ValueError(f"{replacement!r} has not the length of {word!r}")
    spelt = {word.replace("-", "_"): new.replace("-", "_") for word, new in words.items()}
    return {**spelt, **words}


def _described(message: Request | Response, values: Sequence[str], body: bytes) -> Headers:
    """The header fields with these values; what told of the body before tells of this one."""
    headers = tuple((name, new) for (name, _), new in zip(message.headers, values, strict=True))
    if body == message.body:
        return headers
    told = {
        ("content-length", str(len(message.body))): str(len(body)),
        ("x-amz-content-sha256", _digest(message.body)): _digest(body),
    }
    return tuple((name, told.get((name.lower(), value), value)) for name, value in headers)


def _in_text(body: bytes, redact: Redact) -> bytes:
    text = body.decode("latin-1")
    redacted = redact(text)
    return body if redacted == text else redacted.encode("latin-1")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
