"""A transport that holds every answer against the contract on its way."""

from __future__ import annotations

import json
from dataclasses import dataclass

from botocore.awsrequest import AWSPreparedRequest

from conformance.contract import judge_error, judge_output, load_contract
from conformance.reference.protocol import operation_of
from conformance.transport import Response, Transport
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class Judged:
    """A ``Transport`` that fails the test when an answer of ``inner`` departs from the contract."""

    inner: Transport

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        response = self.inner(request)
        service, operation = operation_of(read(request))
        contract, body = load_contract(service), json.loads(response.body)
        if response.status == 200:
            assert judge_output(contract, operation, body) == []
        else:
            assert judge_error(contract, operation, body) == []
            assert body["__type"] in {error.code for error in contract.operation(operation).errors}
        return response
