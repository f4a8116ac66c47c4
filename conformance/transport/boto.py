"""boto3 clients whose requests go through a ``Transport`` instead of botocore's own connection."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from conformance.transport import Transport
from conformance.transport.exchange import Response


class _Body:
    """The little of urllib3's response that botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def boto_client(service: str, transport: Transport, endpoint: str, region: str) -> Any:
    """A boto3 client of a service, without retries, that sends through ``transport``.

    The answer is given in botocore's ``before-send`` event, so signing, serialising and parsing
    are botocore's own.
    """
    from botocore.config import Config

    client = _session().client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (emulators take any)
        config=Config(
            retries={"max_attempts": 0, "mode": "standard"},
            use_dualstack_endpoint=False,
            use_fips_endpoint=False,
        ),
    )

    client.meta.events.register("before-send", answering(transport))
    return client


def answering(transport: Transport) -> Callable[..., AWSResponse]:
    """A handler of botocore's event ``before-send`` that has ``transport`` answer."""

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return aws_response(request.url, transport(request))

    return answer


@cache
def _session() -> Any:
    """A session that knows nothing of the user's profile, so that every user's client is the same.

    One for all clients, because reading AWS's endpoints and models again costs twenty times what
    the client itself does. Clients made from it are independent; make them in one thread.
    """
    import boto3
    from botocore.session import Session

    unset: Any = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
    }
    session: Any = boto3.session.Session(botocore_session=Session(session_vars=unset))
    return session  # as Any, because its stubs want every service spelt out


def aws_response(url: str, response: Response) -> AWSResponse:
    """A response as botocore's own connection gives it."""
    # Of fields with the same name the first counts.
    headers: Any = dict(reversed(response.headers))
    return AWSResponse(url, response.status, headers, _Body(response.body))
