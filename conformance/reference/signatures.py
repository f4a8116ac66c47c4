"""Signatures, for who wants them checked: SigV4 as AWS checks it, by botocore's own signer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import Credentials

from conformance.contract import SERVICES, load_contract
from conformance.reference.query_protocol import is_query, turned_away
from conformance.reference.refusal import Refusal, unrecognized_client
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response, header
from conformance.transport.prepared import TARGET, read

LARGEST_SKEW = 15 * 60
"""Seconds between the signer's clock and AWS's
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html, RequestExpired)."""

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/\s]+)/(?P<day>[0-9]{8})/(?P<region>[^/]+)/"
    r"(?P<service>[^/]+)/aws4_request,\s*SignedHeaders=(?P<headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_REQUIRED_HEADERS = {"host", "x-amz-date"}
_DIGEST = "x-amz-content-sha256"


@dataclass(frozen=True, slots=True)
class SignedRequests:
    """A ``Transport`` that passes on what is rightly signed and refuses the rest.

    ``credentials`` are secret access keys by access key. A download's address carries its own
    signature, so GET requests pass.
    """

    inner: Transport
    credentials: Mapping[str, str]
    clock: Callable[[], float] = time.time

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        asked = read(request)
        if asked.method == "GET":
            return self.inner(request)
        now = self.clock()
        try:
            require_signature(asked, self.credentials, now)
        except Refusal as refusal:
            return turned_away(asked, refusal, now)
        return self.inner(request)


def require_signature(request: Request, credentials: Mapping[str, str], now: float) -> None:
    """Refuse a request that is not signed, or not by a known key, for these bytes, about now."""
    authorization = header(request.headers, "Authorization")
    if authorization is None:
        raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    scope = _AUTHORIZATION.fullmatch(authorization)
    if scope is None or not set(scope["headers"].split(";")) >= _REQUIRED_HEADERS:
        raise Refusal(
            "IncompleteSignatureException", "The Authorization header is not that of SigV4"
        )
    if scope["key"] not in credentials:
        raise unrecognized_client()
    _require_service(request, scope)
    _require_recent(request, scope, now)
    expected = _signature(request, scope, credentials[scope["key"]])
    if not hmac.compare_digest(expected, scope["signature"]):
        raise Refusal(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.",
        )


def _require_service(request: Request, scope: re.Match[str]) -> None:
    """Refuse a signature for another service; what no service knows is for ECR to refuse.

    As AWS's services of this protocol do: https://github.com/disneystreaming/smithy4s/issues/1568.
    """
    asked = _service(request)
    if asked is not None and scope["service"] != asked:
        raise Refusal(
            "InvalidSignatureException",
            f"Credential should be scoped to correct service: '{asked}'. ",
        )


def _service(request: Request) -> str | None:
    """The signing name of the service that a request is for, None where nobody has such a one."""
    if is_query(request):
        return "sts"
    prefix, _, _ = (header(request.headers, TARGET) or "").partition(".")
    contracts = map(load_contract, SERVICES)
    return next((each.signing_name for each in contracts if each.target_prefix == prefix), None)


def _require_recent(request: Request, scope: re.Match[str], now: float) -> None:
    stamp = header(request.headers, "X-Amz-Date") or ""
    try:
        signed = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refusal("IncompleteSignatureException", "X-Amz-Date is not a date") from None
    if not stamp.startswith(scope["day"]) or abs(signed.timestamp() - now) > LARGEST_SKEW:
        raise Refusal("InvalidSignatureException", f"Signature expired: {stamp} is not now")


def _signature(request: Request, scope: re.Match[str], secret: str) -> str:
    """The signature that the holder of ``secret`` would have made."""
    signed = scope["headers"].split(";")
    given = {name: header(request.headers, name) for name in signed}
    # Where no Host came, because nothing was sent over a wire, the signer takes that of the URL.
    headers = {name: value for name, value in given.items() if value is not None}
    if _DIGEST in signed:
        # The body counts as it came, whatever digest of it the request claims.
        headers[_DIGEST] = hashlib.sha256(request.body).hexdigest()
    again = AWSRequest(request.method, request.url, headers=headers, data=request.body)
    again.context["timestamp"] = header(request.headers, "X-Amz-Date")
    signer = SigV4Auth(Credentials(scope["key"], secret), scope["service"], scope["region"])
    canonical = signer.canonical_request(again)
    return str(signer.signature(signer.string_to_sign(again, canonical), again))
