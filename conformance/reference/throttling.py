"""Throttling, for who wants to rehearse it: some requests are refused, whatever they ask."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

from botocore.awsrequest import AWSPreparedRequest

from conformance.reference.query_protocol import turned_away
from conformance.reference.refusal import Refusal
from conformance.transport import Transport
from conformance.transport.exchange import Response
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class Throttled:
    """A ``Transport`` that refuses a share of all requests, 0 to 1, before they have any effect.

    "The request was denied due to request throttling", HTTP 400
    (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html).
    """

    inner: Transport
    share: float
    source: random.Random
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        with self.lock:
            refuse = self.source.random() < self.share
        if refuse:
            refusal = Refusal("ThrottlingException", "Rate exceeded")
            return turned_away(read(request), refusal, time.time())
        return self.inner(request)
