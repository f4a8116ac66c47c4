"""Authorization tokens for ``docker login``.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
"""

from __future__ import annotations

import base64

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry

VALID_SECONDS = 12 * 3600
"""As documented: "The authorization token is valid for 12 hours" (API_GetAuthorizationToken)."""


def get_authorization_token(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """A token for the caller's registry, or one for each of ``registryIds``.

    "If you do not specify a registry, the default registry is assumed".
    """
    accounts = list(dict.fromkeys(given.get("registryIds", [call.key.account])))
    return registry, {"authorizationData": [_private(account, call) for account in accounts]}


def get_public_authorization_token(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """One token: no list, no endpoint (ECR Public's API_GetAuthorizationToken).

    In us-east-1 only: https://github.com/aws/aws-cdk/issues/24244.
    """
    if call.region != "us-east-1":
        raise Refusal(
            "UnsupportedCommandException",
            "GetAuthorizationToken command is only supported in us-east-1.",
        )
    return registry, {"authorizationData": _token(call.key.account, call)}


def _private(account: str, call: Call) -> Answer:
    host = f"{account}.dkr.ecr.{call.region}.amazonaws.com"
    return {**_token(account, call), "proxyEndpoint": f"https://{host}"}


def _token(account: str, call: Call) -> Answer:
    """Decoded, it is "in the format user:password"; the user is AWS."""
    password = base64.b64encode(call.seal(f"password {account} {call.fresh}")).decode()
    return {
        "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
        "expiresAt": round(call.now + VALID_SECONDS, 3),
    }
