"""Whose registry it is and where: what ARNs of other services in the same place begin with."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.suite.answers import text
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.topics.repository_answers import made

_REGIONS = {
    "aws": ("us-east-1", "us-west-2"),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
}
"""Two Regions of each partition that every account may use."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Partition, Region and account of a registry."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """The ARN of something that the owner has in another service, or in this one."""
        region = self.region if regional else ""
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{resource}"

    @property
    def another_region(self) -> str:
        """A Region of the same partition that the registry is not in."""
        regions = _REGIONS.get(self.partition, _REGIONS["aws"])
        return next(each for each in regions if each != self.region)


def owner_of(registry: Registry, suffix: str = "-owner") -> Owner:
    """The owner, as the ARN of a new repository tells; ``Untestable`` where it does not."""
    arn = text(made(registry, registry.name_prefix + suffix), "repositoryArn") or ""
    parts = arn.split(":")
    if len(parts) != 6:
        raise Untestable("CreateRepository", f"repositoryArn is {arn!r}")
    return Owner(partition=parts[1], region=parts[3], account=parts[4])
