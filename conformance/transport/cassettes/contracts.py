"""Which contract a recorded request falls under."""

from __future__ import annotations

from functools import cache

from conformance.contract import SERVICES, Contract, load_contract
from conformance.transport.exchange import Request, header


def contract_of(request: Request) -> Contract | None:
    """The contract of the service that a request names, ``None`` where it is not one of ECR's."""
    prefix = (header(request.headers, "X-Amz-Target") or "").rpartition(".")[0]
    return _contracts().get(prefix)


@cache
def _contracts() -> dict[str, Contract]:
    contracts = (load_contract(service) for service in SERVICES)
    return {contract.target_prefix: contract for contract in contracts}
