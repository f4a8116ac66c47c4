"""The reference as unforgiving as AWS, to rehearse against."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from botocore.awsrequest import AWSPreparedRequest
from botocore.credentials import Credentials

from conformance.reference.authorization import AuthorizedRequests
from conformance.reference.history import World
from conformance.reference.identity_policy import IdentityPolicy
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.security_token_service import SecurityTokenService
from conformance.reference.session_tokens import SessionTokens
from conformance.reference.signatures import SignedRequests
from conformance.reference.throttling import Throttled
from conformance.reference.transport import Behaviour, ReferenceTransport
from conformance.transport import Transport
from conformance.transport.exchange import Response


@dataclass(frozen=True, slots=True)
class Strictness:
    """How strict a rehearsal is; by default not at all.

    ``credentials`` are let in, those with a session token only with it; without any, everyone is,
    and signatures are not checked. ``expired`` are access keys that were good once. ``policies``
    are identity policies by access key; who has none may do everything. ``account`` is whose every
    access key is that is not itself an account's twelve digits.

    ``lag`` is how long ago, in seconds, what a read shows may be; ``throttle`` the share of
    requests to refuse, 0 to 1, the same ones for the same ``seed``.
    """

    credentials: Collection[Credentials] = ()
    expired: Collection[str] = ()
    policies: Mapping[str, IdentityPolicy] = field(default_factory=dict)
    account: str = DEFAULT_ACCOUNT
    lag: float = 0.0
    throttle: float = 0.0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A ``Transport`` to ``reference`` through all that guards it.

    ``reference.world`` is what there is, whoever may see it.
    """

    reference: ReferenceTransport
    guarded: Transport

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        return self.guarded(request)


def rehearsal(
    strictness: Strictness = Strictness(), world: World = MappingProxyType({})
) -> Rehearsal:
    """ECR, ECR Public and what is asked of STS, as strict as that; ``world`` is how it begins."""
    behaviour = Behaviour(lag=strictness.lag, account=strictness.account)
    reference = ReferenceTransport(behaviour=behaviour, world=world)
    return Rehearsal(reference, _guarded(reference, strictness))


def _guarded(reference: Transport, strictness: Strictness) -> Transport:
    """The guards, the innermost first: who asks is looked at before what he may and how often."""
    guarded: Transport = SecurityTokenService(reference, strictness.account)
    if strictness.throttle:
        source = random.Random(strictness.seed)  # noqa: S311 (no secret)
        guarded = Throttled(guarded, strictness.throttle, source)
    if strictness.policies:
        guarded = AuthorizedRequests(guarded, strictness.policies, strictness.account)
    keys = strictness.credentials
    if keys:
        guarded = SignedRequests(guarded, {key.access_key: key.secret_key for key in keys})
    return SessionTokens(guarded, {key.access_key: key.token for key in keys}, strictness.expired)
