"""Requests of every kind of nonsense: each is answered, by the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.contract import SERVICES, judge_output, load_contract
from conformance.reference import ReferenceTransport
from conformance.reference.operations.table import OPERATIONS
from conformance.transport.exchange import parse_json
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

DIGEST = "sha256:" + "0" * 64
_OCI = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = {"mediaType": "a", "digest": "b", "size": 1}

texts = st.sampled_from(
    [
        "", "app", "a/b", DIGEST, "123456789012", "9cb60dc0-7284-5643-3987-da6dac0465f0", "é" * 301,
        "AAAA", "null", "{}", "[]", '{"mediaType": []}', '{"mediaType": "\\ud800"}',
        json.dumps({"mediaType": _OCI, "config": {**_CONFIG, "size": True}, "layers": []}),
        json.dumps({"mediaType": _OCI, "artifactType": [1], "config": _CONFIG, "layers": []}),
        json.dumps({"mediaType": _OCI, "config": _CONFIG, "layers": [{"size": -1}]}),
        json.dumps({"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}),
        json.dumps({"Statement": {"Effect": [], "Principal": "*", "Action": "*"}}),
        json.dumps({"Statement": [{"Effect": "Deny", "Principal": {"AWS": 5}, "Action": 1}]}),
        '{"Statement": [{"Effect": "Deny", "Principal": "*", "Sid": "\\ud800", "Action": "a:b"}]}',
    ]
)  # fmt: skip
numbers = st.sampled_from([0, -1, 1, 1.5, 2**70, 1e300])
image_ids = st.fixed_dictionaries({}, optional={"imageTag": texts, "imageDigest": texts})
values = st.recursive(
    st.none() | st.booleans() | numbers | texts | image_ids,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=3,
)


@st.composite
def requests(draw: st.DrawFn, service: str) -> tuple[str, dict[str, Any]]:
    """An operation and members of its request, most of them wrong."""
    contract = load_contract(service)
    operation = draw(st.sampled_from(sorted(OPERATIONS[service])))
    shape = contract.shapes[contract.operations[operation].input]
    optional = {name: values for name in shape.members if name not in shape.required}
    required = dict.fromkeys(shape.required, values)
    if "repositoryName" in required:
        required["repositoryName"] = st.just("app")
    return operation, draw(st.fixed_dictionaries(required, optional=optional))


@pytest.mark.parametrize("service", SERVICES)
@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_every_request_is_answered_by_the_contract(service: str, data: st.DataObject) -> None:
    """Whatever is asked, the answer is valid, or an error the operation declares."""
    contract = load_contract(service)
    log = ExchangeLog(ReferenceTransport.seeded(1), service)
    client = WireClient(contract, log, "http://localhost", "us-east-1")
    client.send("CreateRepository", {"repositoryName": "app"})
    operation, parameters = data.draw(requests(service))
    response = client.send(operation, parameters).response
    assert response is not None
    answer = parse_json(response.body)
    if response.status == 200:
        assert judge_output(contract, operation, answer) == []
    else:
        declared = {error.code for error in contract.operations[operation].errors}
        assert answer["__type"] in {*declared, "SerializationException", "AccessDeniedException"}
