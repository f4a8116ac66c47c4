"""``ecr-conformance aws sweep``: what killed runs left in an account is deleted, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import click
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from conformance.account.access import enter, reason, require_consent
from conformance.account.leftovers import KINDS, Client, Kind, Leftover, is_marked, leftovers
from conformance.contract import SERVICES, load_contract
from conformance.errors import ExitCode
from conformance.suite.running.marking import MARK
from conformance.targets import AwsAccess
from conformance.targets.aws.session import client, offers, partition_of
from conformance.targets.aws.target import PUBLIC_REGION


def sweep(
    access: AwsAccess, region: str, hours: float, services: Collection[str] = (), *, yes: bool
) -> ExitCode:
    """Delete what runs left that is older than some hours, in a Region and in ECR Public's.

    Not conformant where something could not be looked at or deleted. Raises ``UsageError`` and
    ``CredentialsRefused`` as the target ``aws`` does, and ``UsageError`` where nobody answers.
    """
    enter(access, region)
    places = list(_places(access, region, services))
    for place in places:
        place.look(timedelta(hours=hours))
        place.tell(hours)
    count = sum(len(place.deletable) for place in places)
    if count:
        require_consent(f"delete these {count}?", yes=yes)
        deleted = sum(place.delete() for place in places)
        click.echo(f"{deleted} deleted")
    complaints = [complaint for place in places for complaint in place.complaints]
    for complaint, times in Counter(complaints).items():
        click.echo(complaint + (f" ({times} times)" if times > 1 else ""), err=True)
    return ExitCode.NOT_CONFORMANT if complaints else ExitCode.CONFORMANT


@dataclass(slots=True)
class _Place:
    """A service in a Region, and what of it was found."""

    service: str
    region: str
    client: Client
    deletable: list[Leftover] = field(default_factory=list)
    younger: list[Leftover] = field(default_factory=list)
    unmarked: list[Leftover] = field(default_factory=list)
    waiting: list[Leftover] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def look(self, age: timedelta) -> None:
        """Find what there is of runs, and sort it."""
        found = [each for kind in self._kinds() for each in self._listed(kind)]
        at_work = any(each.is_younger(age) for each in found)
        for each in found:
            if each.is_younger(age):
                self.younger.append(each)
            elif each.created is None and at_work:
                self.waiting.append(each)
            else:
                self._sort_by_mark(each)

    def tell(self, hours: float) -> None:
        """Say what was found, and what is left alone and why."""
        click.echo(f"{self.service} in {self.region}: {_counted(self.deletable)} to be deleted")
        for left, why in (
            (self.younger, f"younger than {hours:g} h"),
            (self.unmarked, f"without the tag {MARK['Key']}={MARK['Value']}"),
            (self.waiting, "of unknown age, while a run seems to be at work"),
        ):
            if left:
                click.echo(f"  left alone, because {why}: {_counted(left)}")

    def delete(self) -> int:
        """Delete what is to be; gives how many things went."""
        return sum(self._delete(each) for each in self.deletable)

    def _kinds(self) -> Iterator[Kind]:
        known = load_contract(self.service).operations
        return (kind for kind in KINDS if kind.lists in known)

    def _listed(self, kind: Kind) -> list[Leftover]:
        try:
            return list(leftovers(self.client, kind))
        except (ClientError, BotoCoreError) as error:
            self.complaints.append(f"not looked at: {reason(self.service, kind.lists, error)}")
            return []

    def _sort_by_mark(self, leftover: Leftover) -> None:
        try:
            marked = is_marked(self.client, leftover)
        except self.client.exceptions.RepositoryNotFoundException:
            return
        except (ClientError, BotoCoreError) as error:
            why = reason(self.service, "ListTagsForResource", error)
            self.complaints.append(f"not deleted: {why}")
            return
        (self.deletable if marked else self.unmarked).append(leftover)

    def _delete(self, leftover: Leftover) -> bool:
        try:
            getattr(self.client, xform_name(leftover.delete))(**leftover.parameters)
        except (ClientError, BotoCoreError) as error:
            if not _is_gone(error):
                why = reason(self.service, leftover.delete, error)
                self.complaints.append(f"not deleted: {why}")
                return False
        return True


def _places(access: AwsAccess, region: str, services: Collection[str]) -> Iterator[_Place]:
    partition = partition_of(access, region)
    for service in services or SERVICES:
        if offers(access, service, partition):
            there = PUBLIC_REGION if service == "ecr-public" else region
            yield _Place(service, there, client(access, service, there))


def _counted(found: list[Leftover]) -> str:
    counts = Counter(each.kind for each in found)
    return ", ".join(f"{kind}: {count}" for kind, count in counts.items()) or "nothing"


def _is_gone(error: Exception) -> bool:
    """Whether somebody else has deleted it meanwhile."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"].endswith(
        "NotFoundException"
    )
