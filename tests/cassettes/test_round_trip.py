"""What is written into a cassette is what is read from it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from traffic import ORIGIN

from conformance.file_schemas import breach
from conformance.transport.cassettes import Cassette, Interaction
from conformance.transport.cassettes.cassette import SCHEMA, read_cassette
from conformance.transport.cassettes.matching import canonical, key_of
from conformance.transport.exchange import Headers, Request, Response

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BODIES = st.one_of(
    st.binary(max_size=60),
    TEXTS.map(str.encode),
    st.dictionaries(TEXTS, TEXTS, max_size=3).map(lambda value: json.dumps(value).encode()),
)
SECONDS = st.floats(0, 10_000).map(lambda seconds: round(seconds, 4))


def _fields(named: dict[str, list[str]]) -> Headers:
    # vcrpy's form has the values of a name together.
    return tuple((name, value) for name, values in named.items() for value in values)


HEADERS = st.dictionaries(
    st.text("abcXYZ-", min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=2), max_size=4
).map(_fields)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["POST", "GET", "PUT"]),
    TEXTS.map("http://a/{}".format),
    HEADERS,
    BODIES,
)
RESPONSES = st.builds(Response, st.integers(100, 999), HEADERS, BODIES)


@st.composite
def interactions(draw: st.DrawFn) -> Interaction:
    """An exchange with any bytes, an answer or a reason why there is none."""
    request, at, took = draw(REQUESTS), draw(SECONDS), draw(SECONDS)
    failure = draw(st.none() | TEXTS)
    response = draw(RESPONSES) if failure is None else None
    if draw(st.booleans()) and request.method == "POST":
        anything = Request(request.method, request.url, request.headers, b"")
        return Interaction(anything, response, failure, at, took, any_body=True)
    return Interaction(request, response, failure, at, took)


@given(interactions())
def test_an_interaction_survives_json(interaction: Interaction) -> None:
    """Bytes, header fields, failures and times come back as they were."""
    written = json.loads(json.dumps(interaction.to_json()))
    assert Interaction.from_json(written) == interaction


@given(st.lists(interactions(), max_size=3), TEXTS)
def test_a_cassette_survives_its_file(kept: list[Interaction], scenario: str) -> None:
    """A cassette is read as it was written, keeps its schema, and is valid JSON in UTF-8."""
    cassette = Cassette(tuple(kept), scenario, ORIGIN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        cassette.write(path)
        assert read_cassette(path) == cassette
        assert breach(json.loads(path.read_bytes()), SCHEMA) is None


@given(BODIES, BODIES)
def test_bodies_that_differ_are_not_taken_for_each_other(one: bytes, other: bytes) -> None:
    """The form by which requests are compared is the same for the same JSON alone."""
    if canonical(one) == canonical(other) and one != other:
        assert json.loads(one) == json.loads(other)


@given(REQUESTS)
def test_a_request_is_found_by_its_bytes_alone(request: Request) -> None:
    """What a cassette makes of a request is found as the request itself is."""
    response = Response(200, (), b"")
    written = Interaction.from_json(Interaction(request, response).to_json())
    assert key_of(written.request) == key_of(request)
