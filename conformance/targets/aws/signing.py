"""The user's signature in the place of the one that a scenario sends.

Scenarios sign with credentials that are no secret. So what is logged, reported and recorded never
had the user's in it, and a request that is sent again is signed again.
"""

from __future__ import annotations

import re
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials

from conformance.transport.exchange import header
from conformance.transport.prepared import read
from conformance.transport.wire import LOCAL_CREDENTIALS

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/[0-9]{8}/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request"
)
_OF_THE_SIGNATURE = {"authorization", "x-amz-date", "x-amz-security-token", "content-length"}


def signed(request: AWSPreparedRequest, credentials: Credentials) -> AWSPreparedRequest | None:
    """The request, signed by its user for the same service and Region.

    ``None`` where it does not ask by the suite's own credentials: it is sent as it is.
    """
    asked = read(request)
    scope = _SCOPE.search(header(asked.headers, "Authorization") or "")
    if scope is None or scope["key"] != LOCAL_CREDENTIALS.access_key:
        return None
    fields = {name: value for name, value in asked.headers if _is_kept(name)}
    anew = AWSRequest(asked.method, asked.url, headers=fields, data=asked.body)
    held: ReadOnlyCredentials = credentials.get_frozen_credentials()
    frozen: Any = held  # the signer reads the same three fields of either
    SigV4Auth(frozen, scope["service"], scope["region"]).add_auth(anew)
    return anew.prepare()


def _is_kept(name: str) -> bool:
    return name.lower() not in _OF_THE_SIGNATURE
