"""Recordings of ECR in stock vcrpy and pytest-recording.

vcrpy goes by method and address, which every call of ECR has in common, so it answers ListImages
with what it recorded of DescribeImages. ``register`` tells a ``vcr.VCR`` to go by operation and
parameters::

    my_vcr = conformance.vcr.register(vcr.VCR(record_mode="none"))
    with my_vcr.use_cassette("cassettes/moto/5.2.5/ecr/tags.deletion.json", serializer="json"):
        boto3.client("ecr").describe_images(repositoryName="app")

and pytest-recording's, from a ``conftest.py``::

    def pytest_recording_configure(config, vcr):
        conformance.vcr.register(vcr)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from conformance.transport.cassettes.cassette import VERSION, cassette_of
from conformance.transport.cassettes.interaction import Interaction, bytes_of
from conformance.transport.cassettes.matching import ANYTHING, Key, key_of
from conformance.transport.cassettes.parsing import MalformedCassette
from conformance.transport.cassettes.secrecy import without_secrets
from conformance.transport.exchange import Request

__all__ = ["MATCHERS", "JsonSerializer", "register"]

MATCHERS = ("ecr_operation", "ecr_parameters")
"""The names of the matchers, for ``match_on``. They are two, so that vcrpy can tell which recorded
request is nearest to one that it does not know."""

_VCR = TypeVar("_VCR")
_KEY = "_conformance_key"
_ITS_PLACE = Path("the cassette")
"""What to call a file of which vcrpy tells the text alone."""


def register(vcr: _VCR) -> _VCR:
    """Teach a ``vcr.VCR`` to tell calls of ECR apart, and to write them in JSON; gives it back.

    It has two matchers then and uses them, unless ``match_on`` says otherwise, and its serializer
    ``json`` writes what boto3 sends, without credentials and tokens.
    """
    known: Any = vcr
    for name, matcher in zip(MATCHERS, (ecr_operation, ecr_parameters), strict=True):
        known.register_matcher(name, matcher)
    known.register_serializer("json", JsonSerializer())
    known.match_on = MATCHERS
    return vcr


def ecr_operation(asked: Any, recorded: Any) -> None:
    """A matcher of vcrpy: the operation, or else method and address without a signature."""
    wanted, known = _key(asked)[0], _kept_key(recorded)[0]
    if wanted != known:
        raise AssertionError(f"{wanted} is asked for, {known} recorded")


def ecr_parameters(asked: Any, recorded: Any) -> None:
    """A matcher of vcrpy: the body, as JSON however it is written."""
    wanted, known = _key(asked)[1], _kept_key(recorded)[1]
    if known not in (wanted, ANYTHING):
        raise AssertionError(f"asked with {wanted}, recorded with {known}")


class JsonSerializer:
    """A serializer of vcrpy: JSON in which every byte of boto3's traffic has its place.

    vcrpy's own cannot write header fields that are bytes, which boto3's are.
    """

    def serialize(self, cassette: Mapping[str, Any]) -> str:
        """The text of a cassette, without credentials and tokens."""
        interactions = map(Interaction.from_json, cassette["interactions"])
        written = [_as_vcrpy_has_it(each) for each in without_secrets(interactions)]
        return json.dumps({**cassette, "version": VERSION, "interactions": written}, indent=1)

    def deserialize(self, text: str) -> dict[str, Any]:
        """What vcrpy makes requests and responses of. Raises ``MalformedCassette``."""
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise MalformedCassette(f"{_ITS_PLACE} is not JSON: {error}") from error
        cassette_of(parsed, _ITS_PLACE)
        for each in parsed["interactions"]:
            request, response = each["request"], each["response"]
            if request["body"] is not None:
                request["body"] = bytes_of(request["body"])
            response["body"] = {"string": _content(response["body"])}
        return dict(parsed)


def _as_vcrpy_has_it(interaction: Interaction) -> dict[str, Any]:
    written = interaction.to_json()
    return {"request": written["request"], "response": written["response"]}


def _content(body: object) -> bytes:
    return bytes_of(body["string"] if isinstance(body, Mapping) else body)


def _kept_key(recorded: Any) -> Key:
    """The key of a recorded request, which vcrpy compares with every new one."""
    kept: Key | None = vars(recorded).get(_KEY)
    if kept is None:
        kept = _key(recorded)
        setattr(recorded, _KEY, kept)
    return kept


def _key(request: Any) -> Key:
    headers = tuple((name, _text(value)) for name, value in request.headers.items())
    body = request.body
    content = body.read() if hasattr(body, "read") else body
    sent = Request(request.method, request.uri, headers, bytes_of(content))
    asked, parameters = key_of(sent)
    if "X-Amz-Target" not in request.headers:
        return f"{urlsplit(request.uri).netloc} {asked}", parameters
    return asked, ANYTHING if content is None else parameters


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
