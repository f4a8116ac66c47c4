"""Repository names: which are taken and which are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from conformance.suite.answers import describe, refusal, structure, success
from conformance.suite.evidence import documented, model, observed, recorded
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.repository_answers import REPOSITORY_NOT_FOUND, made, settle_existence
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import MUST, SHOULD

_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
_RECORDED = recorded(
    "GetRepositoryPolicy",
    "InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy "
    "constraint: 'must satisfy regular expression "
    "'(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
    f"{_PLACEBO}/test_ecr_remove_named",
)
_PATTERN = model("RepositoryName", "a pattern, a least and a greatest length")
_INVALID = documented(
    "CreateRepository.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)


@dataclass(frozen=True, slots=True)
class Name:
    """A kind of name; ``make`` makes one from the scenario's own name and the greatest length."""

    label: str
    make: Callable[[str, int], str]

    def of(self, registry: Registry) -> str:
        """The name for a scenario."""
        greatest = registry.contract.shapes["RepositoryName"].maximum
        return self.make(registry.name_prefix, int(greatest or 0))


def _longest(name: str, greatest: int) -> str:
    return f"{name}/".ljust(greatest, "x")


def _too_long(name: str, greatest: int) -> str:
    return f"{name}/".ljust(greatest + 1, "x")


_VALID = [
    Name("hyphens-and-underscores", lambda name, _: f"{name}-a_b-c"),
    Name("namespaces", lambda name, _: f"{name}/a/b/c"),
    Name("digits-in-a-namespace", lambda name, _: f"{name}/2nd/3"),
    Name("longest", _longest),
]


@pytest.mark.parametrize("name", _VALID, ids=lambda name: name.label)
@rule(
    "repositories.valid-name-accepted",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_PATTERN, _RECORDED],
)
def test_a_valid_name_is_accepted(registry: Registry, name: Name) -> None:
    """A name of lowercase letters, digits, separators and slashes, up to the greatest length."""
    _taken(registry, name.of(registry))


_REPEATED = {"hyphens": "--", "underscores": "__"}


def _taken(registry: Registry, wanted: str) -> None:
    """Require that a repository of that very name can be made."""
    repository = structure(registry.call("CreateRepository", repositoryName=wanted), "repository")
    found = repository.get("repositoryName")
    assert found == wanted, f"the repository {wanted} was made as {found}"


@rule(
    "repositories.period-in-name-accepted",
    level=SHOULD,
    operations=["CreateRepository"],
    evidence=[_PATTERN, _RECORDED],
)
def test_a_period_in_a_name_is_accepted(registry: Registry) -> None:
    """A name with a period between letters is accepted."""
    _taken(registry, f"{registry.name_prefix}.a")


@pytest.mark.parametrize("separators", _REPEATED)
@rule(
    "repositories.repeated-separators-accepted",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[model("RepositoryName", "one part of the pattern is (\\.|_|__|-+)")],
)
def test_repeated_separators_are_accepted(registry: Registry, separators: str) -> None:
    """In ECR, a name with several hyphens or two underscores in a row is accepted."""
    _taken(registry, f"{registry.name_prefix}{_REPEATED[separators]}a")


@pytest.mark.parametrize("separators", _REPEATED)
@rule(
    "repositories.repeated-separators-refused",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr-public"],
    evidence=[model("RepositoryName", "one part of the pattern is [._-], once"), _INVALID],
)
def test_repeated_separators_are_refused(registry: Registry, separators: str) -> None:
    """In ECR Public, a name with two hyphens or underscores in a row is invalid."""
    create_repository(registry)
    name = f"{registry.name_prefix}{_REPEATED[separators]}a"
    registry.refused("CreateRepository", INVALID, repositoryName=name)


@rule(
    "repositories.shortest-name-valid",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[model("RepositoryName", "min 2")],
)
def test_a_name_of_two_characters_is_valid(registry: Registry) -> None:
    """A name of two characters is found or not found, but not invalid."""
    made(registry, registry.name_prefix)
    settle_existence(registry, registry.name_prefix)
    # Not made: so short a name could not be told from somebody else's.
    response = registry.send("DescribeRepositories", {"repositoryNames": ["zq"]})
    error = refusal(response)
    unknown = error is not None and error.code == REPOSITORY_NOT_FOUND
    assert unknown or success(response) is not None, (
        f"DescribeRepositories of zq: expected success or {REPOSITORY_NOT_FOUND}, got "
        f"{describe(response)}"
    )


_NOT_VALID = [
    Name("upper-case", lambda name, _: f"{name}-A"),
    Name("hyphen-first", lambda name, _: f"-{name}"),
    Name("hyphen-last", lambda name, _: f"{name}-"),
    Name("underscore-first", lambda name, _: f"_{name}"),
    Name("underscore-last", lambda name, _: f"{name}_"),
    Name("period-first", lambda name, _: f".{name}"),
    Name("period-last", lambda name, _: f"{name}."),
    Name("slash-first", lambda name, _: f"/{name}"),
    Name("slash-last", lambda name, _: f"{name}/"),
    Name("two-slashes", lambda name, _: f"{name}//a"),
    Name("two-periods", lambda name, _: f"{name}..a"),
    Name("three-underscores", lambda name, _: f"{name}___a"),
    Name("mixed-separators", lambda name, _: f"{name}-_a"),
    Name("hyphen-before-slash", lambda name, _: f"{name}-/a"),
    Name("space", lambda name, _: f"{name} a"),
    Name("colon", lambda name, _: f"{name}:a"),
    Name("at-sign", lambda name, _: f"{name}@a"),
    Name("umlaut", lambda name, _: f"{name}-\N{LATIN SMALL LETTER U WITH DIAERESIS}"),
    Name("too-long", _too_long),
    Name("one-character", lambda _, __: "z"),
    Name("empty", lambda _, __: ""),
]
"""Names that neither service's pattern and lengths allow, as it is or as it was recorded."""


@pytest.mark.parametrize("name", _NOT_VALID, ids=lambda name: name.label)
@rule(
    "repositories.invalid-name-refused",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        _PATTERN,
        _INVALID,
        _RECORDED,
        observed(
            "CreateRepository.repositoryName",
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have length "
            "greater than or equal to 2'",
            "https://github.com/aws/aws-dotnet-deploy/issues/549",
        ),
    ],
)
def test_an_invalid_name_is_refused(registry: Registry, name: Name) -> None:
    """Making a repository whose name breaks the pattern or the lengths is refused as invalid."""
    create_repository(registry)
    registry.refused("CreateRepository", INVALID, repositoryName=name.of(registry))
