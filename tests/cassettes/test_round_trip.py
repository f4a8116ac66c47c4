"""What is written into a cassette is what is read from it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from made_interactions import BODIES, PATIENT, REQUESTS, TEXTS, interactions
from traffic import ORIGIN

import conformance.vcr
from conformance.file_schemas import breach
from conformance.transport.cassettes import Cassette, Interaction
from conformance.transport.cassettes.cassette import SCHEMA, read_cassette
from conformance.transport.cassettes.difference import difference
from conformance.transport.cassettes.matching import canonical, key_of
from conformance.transport.cassettes.verification import verify
from conformance.transport.exchange import Request, Response


@PATIENT
@given(interactions())
def test_an_interaction_survives_json(interaction: Interaction) -> None:
    """Bytes, header fields, failures and times come back as they were."""
    written = json.loads(json.dumps(interaction.to_json()))
    assert Interaction.from_json(written) == interaction


@PATIENT
@given(st.lists(interactions(), max_size=3), TEXTS)
def test_a_cassette_survives_its_file(kept: list[Interaction], scenario: str) -> None:
    """A cassette is read as it was written, keeps its schema, and is valid JSON in UTF-8."""
    cassette = Cassette(tuple(kept), scenario, ORIGIN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        cassette.write(path)
        assert read_cassette(path) == cassette
        assert breach(json.loads(path.read_bytes()), SCHEMA) is None


@PATIENT
@given(BODIES, BODIES)
def test_bodies_that_differ_are_not_taken_for_each_other(one: bytes, other: bytes) -> None:
    """The form by which requests are compared is the same for the same JSON alone."""
    if canonical(one) == canonical(other) and one != other:
        assert json.loads(one) == json.loads(other)


@PATIENT
@given(REQUESTS)
def test_a_request_is_found_by_its_bytes_alone(request: Request) -> None:
    """What a cassette makes of a request is found as the request itself is."""
    response = Response(200, (), b"")
    written = Interaction.from_json(Interaction(request, response).to_json())
    assert key_of(written.request) == key_of(request)


@PATIENT
@given(st.lists(interactions(), max_size=3))
def test_vcrpy_gets_every_byte_of_a_cassette(kept: list[Interaction]) -> None:
    """Our serializer for vcrpy reads bodies as the bytes that they were, UTF-8 or not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        Cassette(tuple(kept), "x", ORIGIN).write(path)
        read = conformance.vcr.JsonSerializer().deserialize(path.read_text("utf-8"))
    for interaction, told in zip(kept, read["interactions"], strict=True):
        sent = None if interaction.any_body else interaction.request.body
        came = b"" if interaction.response is None else interaction.response.body
        assert (told["request"]["body"], told["response"]["body"]["string"]) == (sent, came)


@PATIENT
@given(st.lists(interactions(), max_size=4))
def test_a_cassette_does_not_differ_from_itself(kept: list[Interaction]) -> None:
    """Whatever was recorded can be compared, and is the same as what it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        Cassette(tuple(kept), "x", ORIGIN).write(path)
        assert not difference(path, path).differ
        assert not list(verify([path], path, lambda exchange: exchange))
