"""All there is to know of a world of registries, as frozen values.

An operation takes one registry and gives another; nothing is ever changed in place. The mappings
are plain dictionaries that nobody writes to once they are part of a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class RegistryKey:
    """Which registry: private ones are apart by account and region, public ones by account.

    "Each AWS account is provided with a default private Amazon ECR registry"
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html); a public repository's
    ARN and URI have no region
    (https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_Repository.html).
    ``region`` is empty for a public registry.
    """

    service: str
    account: str
    region: str

    @property
    def public(self) -> bool:
        """Whether it is a registry of ECR Public."""
        return self.service == "ecr-public"

    def arn(self, repository: str) -> str:
        """The ARN of a repository in it (API_Repository of each service)."""
        return f"arn:aws:{self.service}:{self.region}:{self.account}:repository/{repository}"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan of an image that is complete, with what the registry was set to when it started.

    ``completed_at`` is in seconds since 1970.
    """

    scan_type: str
    frequency: str
    completed_at: float


@dataclass(frozen=True, slots=True)
class Image:
    """A manifest as it was pushed, byte for byte.

    ``layers`` are the digests of its configuration and layers, ``images`` those of the images a
    manifest list names. ``pushed_at`` is in seconds since 1970.
    """

    digest: str
    manifest: str
    media_type: str
    artifact_type: str | None
    size: int
    layers: Mapping[str, str]
    """Media types by digest."""
    images: tuple[str, ...]
    pushed_at: float
    replicas: tuple[tuple[str, str], ...] = ()
    """Region and account of each registry that it is replicated to."""
    signing_profiles: tuple[str, ...] = ()
    """The ARN of each signing profile that it was signed with."""
    scan: Scan | None = None
    """The last scan of it."""
    subject: str | None = None
    """The digest of the image that this one is an artifact of."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    status: str = "ACTIVE"
    archived_at: float | None = None
    activated_at: float | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """Where a tag points, and since when it does."""

    digest: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Upload:
    """A layer under way: the parts so far, in order and without gaps."""

    parts: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Bytes received so far."""
        return sum(len(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set for a repository, as it is created or later.

    ``exclusions`` are the filters of the tags to which ``mutability`` does not apply. ``catalog``
    is ECR Public's.
    """

    mutability: str = "MUTABLE"
    exclusions: tuple[str, ...] = ()
    scan_on_push: bool = False
    encryption: Mapping[str, str] = field(default_factory=dict)
    resource_tags: Mapping[str, str] = field(default_factory=dict)
    catalog: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LifecyclePreview:
    """A preview of a lifecycle policy: what the policy would do was settled when it started.

    ``results`` are as answers have them once it is complete, which is at ``ends_at``, in seconds
    since 1970.
    """

    policy: str
    results: tuple[Mapping[str, Any], ...]
    ends_at: float


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: images by digest, tags by name, layers (their bytes) by digest."""

    name: str
    created_at: float
    settings: Settings = Settings()
    policy: str | None = None
    images: Mapping[str, Image] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    layers: Mapping[str, bytes] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    lifecycle_policy: str | None = None
    lifecycle_preview: LifecyclePreview | None = None

    def tags_of(self, digest: str) -> list[str]:
        """The tags on an image, oldest first."""
        return [name for name, tag in self.tags.items() if tag.digest == digest]


@dataclass(frozen=True, slots=True)
class Backfill:
    """A replication backfill: what it copies was settled when it started.

    ``results`` are as answers have them once it is complete. Times are in seconds since 1970;
    ``ends_at`` may be in the future.
    """

    id: str
    destination: Mapping[str, str]
    results: tuple[Mapping[str, Any], ...]
    started_at: float
    ends_at: float
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """What is set for a whole registry, as its owner set it; structures as answers have them.

    ``pull_through`` and ``templates`` are by prefix, ``accounts`` by name of the setting,
    ``exclusions`` are when each principal was registered, ``backfills`` by id. ``signing`` are the
    rules of a signing configuration, None where there is no configuration. ``catalog`` is ECR
    Public's.
    """

    policy: str | None = None
    replication: tuple[Mapping[str, Any], ...] = ()
    scan_type: str = "BASIC"
    scan_rules: tuple[Mapping[str, Any], ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    pull_through: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    templates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exclusions: Mapping[str, float] = field(default_factory=dict)
    signing: tuple[Mapping[str, Any], ...] | None = None
    backfills: Mapping[str, Backfill] = field(default_factory=dict)
    catalog: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry: its repositories by name, and what is set for all of them."""

    repositories: Mapping[str, Repository] = field(default_factory=dict)
    settings: RegistrySettings = RegistrySettings()

    def set(self, **changes: Any) -> Registry:
        """The registry with other settings (fields of ``RegistrySettings``)."""
        return replace(self, settings=replace(self.settings, **changes))

    def having(self, repository: Repository) -> Registry:
        """The registry with a new repository, or with a newer state of one."""
        return replace(self, repositories={**self.repositories, repository.name: repository})

    def without(self, name: str) -> Registry:
        """The registry without a repository."""
        return replace(self, repositories=without(self.repositories, name))


def without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A mapping without one of its keys."""
    return {name: value for name, value in mapping.items() if name != key}
