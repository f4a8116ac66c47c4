"""Authorization, for who wants it enforced: what an access key may do, by its identity policy.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.awsrequest import AWSPreparedRequest

from conformance.reference.identity import arn_of
from conformance.reference.identity_policy import IdentityPolicy, denial
from conformance.reference.protocol import Caller, caller_of
from conformance.reference.query_protocol import turned_away
from conformance.reference.refusal import Refusal
from conformance.reference.required_permissions import required_permissions
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class AuthorizedRequests:
    """A ``Transport`` that passes on what its caller may do and refuses the rest.

    ``policies`` are by access key; one without a policy may do everything. ``account`` is whose the
    access keys are that are no account themselves. That a request is authorized before it is
    validated is the harsher order; which one is AWS's is not public.
    """

    inner: Transport
    policies: Mapping[str, IdentityPolicy]
    account: str

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        asked = read(request)
        caller = caller_of(asked, self.account)
        policy = self.policies.get(caller.key)
        try:
            if policy is not None:
                _require_permission(asked, caller, policy)
        except Refusal as refusal:
            return turned_away(asked, refusal, time.time())
        return self.inner(request)


def _require_permission(request: Request, caller: Caller, policy: IdentityPolicy) -> None:
    """Refuse what the policy does not let the caller do.

    The message is that of https://docs.aws.amazon.com/IAM/latest/UserGuide/
    troubleshoot_access-denied.html, which ECR gives, too, with HTTP 400:
    https://github.com/jetstack/version-checker/issues/167.
    """
    for action, resource in required_permissions(request, caller):
        reason = denial(policy, action, resource)
        if reason is not None:
            raise Refusal(
                "AccessDeniedException",
                f"User: {arn_of(caller)} is not authorized to perform: {action} on resource: "
                f"{resource} {reason}",
            )
