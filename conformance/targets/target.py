"""What is judged: where it answers, and what is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from conformance.contract import SERVICES
from conformance.targets.aws.access import AwsAccess

Consistency = Literal["strong", "eventual"]
"""Whether a read sees every write before it, or only some time later."""

UNKNOWN_PRODUCT = "unknown"

AWS = "AWS"
"""The product that all others are measured by. It tells no version."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target that answers at ``endpoint``, a URL without a path.

    ``name`` is what the user asked for. ``product`` is ``"unknown"`` and ``version`` ``None``
    where the target does not tell them; ``account`` is ``None`` where it is not known beforehand.
    ``command`` starts the target again at ``endpoint``, where this tool started it. ``recording``
    is the folder of cassettes that answer for it, ``None`` where it answers itself.

    ``owned`` is whether it is somebody's, as an account of AWS is: what is made there carries a
    tag, its owner decides what is permitted, and whose it is stays untold. ``access`` says how such
    a one is reached. Without ``registry_changes``, what is set for a whole registry is left alone.
    ``services`` are those that there are; ``public_region`` is where ECR Public is, empty where it
    is everywhere.
    """

    name: str
    endpoint: str
    product: str
    version: str | None
    region: str
    consistency: Consistency = "strong"
    account: str | None = None
    command: str | None = None
    recording: str | None = None
    access: AwsAccess | None = None
    services: tuple[str, ...] = SERVICES
    public_region: str = ""
    owned: bool = False
    registry_changes: bool = True

    def region_of(self, service: str) -> str:
        """The Region in which a service is judged."""
        return (service == "ecr-public" and self.public_region) or self.region

    def to_json(self) -> dict[str, Any]:
        """The target as a JSON object, for reports and for processes that share it."""
        return asdict(self)

    @classmethod
    def from_json(cls, parsed: dict[str, Any]) -> Target:
        """The inverse of ``to_json``."""
        access, services = parsed.get("access"), parsed.get("services", SERVICES)
        known = {
            "access": access and AwsAccess.from_json(access),
            "services": tuple(services),
        }
        return cls(**{**parsed, **known})
