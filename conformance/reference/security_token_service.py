"""The one operation of STS that says whose credentials one has.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from botocore.awsrequest import AWSPreparedRequest

from conformance.reference.identity import arn_of, unique_id_of
from conformance.reference.protocol import caller_of
from conformance.reference.query_protocol import (
    VERSION,
    action_of,
    answered_query,
    is_query,
    refused_query,
)
from conformance.reference.refusal import Refusal
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class SecurityTokenService:
    """A ``Transport`` that answers what STS is asked and passes on the rest.

    ``account`` is whose the access keys are that are no account themselves.
    """

    inner: Transport
    account: str

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        asked = read(request)
        return self._answer(asked) if is_query(asked) else self.inner(request)

    def _answer(self, request: Request) -> Response:
        action, version = action_of(request)
        if (action, version) != ("GetCallerIdentity", VERSION):
            # Other services of this protocol say so: https://github.com/aws/aws-cli/issues/37.
            message = f"Could not find operation {action} for version {version}"
            return refused_query(Refusal("InvalidAction", message), uuid.uuid4())
        caller = caller_of(request, self.account)
        identity = {
            "Arn": arn_of(caller),
            "UserId": unique_id_of(caller),
            "Account": caller.account,
        }
        return answered_query(action, identity, uuid.uuid4())
