"""Session tokens, for who wants to rehearse temporary credentials, and what it is when they expire.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from botocore.awsrequest import AWSPreparedRequest

from conformance.reference.protocol import caller_of
from conformance.reference.query_protocol import turned_away
from conformance.reference.refusal import Refusal, unrecognized_client
from conformance.transport import Transport
from conformance.transport.exchange import Request, Response
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """A ``Transport`` that refuses an access key without its own session token, or whose is over.

    ``tokens`` are session tokens by access key, ``None`` for a key that has none and is refused
    with any; a key that is not there is passed on. ``expired`` are the access keys that were good
    once.
    """

    inner: Transport
    tokens: Mapping[str, str | None]
    expired: Collection[str] = ()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        asked = read(request)
        try:
            self._require_token(asked)
        except Refusal as refusal:
            return turned_away(asked, refusal, time.time())
        return self.inner(request)

    def _require_token(self, request: Request) -> None:
        caller = caller_of(request)
        if caller.key in self.expired:
            # https://github.com/aws-samples/cdk-fargate-gitlab-runner/issues/15
            raise Refusal(
                "ExpiredTokenException", "The security token included in the request is expired"
            )
        if caller.key in self.tokens and not _same(caller.token, self.tokens[caller.key]):
            raise unrecognized_client()


def _same(sent: str | None, expected: str | None) -> bool:
    if sent is None or expected is None:
        return sent is expected
    return hmac.compare_digest(sent.encode(), expected.encode())
