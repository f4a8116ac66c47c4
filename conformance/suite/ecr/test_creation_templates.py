"""Repository creation templates: the settings of repositories that ECR makes on one's behalf.

No template here has resource tags or a key, because AWS asks for a role with those.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.evidence import documented, observed
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages
from conformance.suite.topics.policies import denial, reading
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.verdicts import MUST, SHOULD

_APPLIED_FOR = ["PULL_THROUGH_CACHE", "REPLICATION"]
_PREFIX = documented(
    "RepositoryCreationTemplate.prefix",
    "The repository namespace prefix associated with the repository creation template.",
)
_MISSING = documented(
    "UpdateRepositoryCreationTemplate.TemplateNotFoundException",
    "The specified repository creation template can't be found. Verify the registry ID and prefix "
    "and try again.",
)
_EXPIRY = {
    "rulePriority": 1,
    "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 9},
    "action": {"type": "expire"},
}
_SETTINGS: dict[str, Any] = {
    "appliedFor": _APPLIED_FOR,
    "description": "made by a conformance test",
    "imageTagMutability": "IMMUTABLE",
    "lifecyclePolicy": json.dumps({"rules": [_EXPIRY]}),
    "repositoryPolicy": denial("ecr", "TagResource"),
}
"""What can be set and needs nothing else to be there."""


def _make(registry: Registry, suffix: str = "", **settings: Any) -> str:
    """Make a template; gives its prefix."""
    prefix = registry.name_prefix + suffix
    registry.given(
        "CreateRepositoryCreationTemplate",
        **{"prefix": prefix, "appliedFor": _APPLIED_FOR, **settings},
    )
    return prefix


def _meaning(member: str, value: Any) -> Any:
    """A setting as it is compared: policies as what they say, lists as sets."""
    if member == "repositoryPolicy":
        return reading(value)
    if member == "lifecyclePolicy":
        try:
            return json.loads(value)
        except (TypeError, ValueError):
            return value
    return sorted(map(str, value)) if isinstance(value, list) else value


def _named(template: dict[str, Any]) -> str:
    """The prefix; a slash is always assumed at its end."""
    return (text(template, "prefix") or "no prefix").removesuffix("/")


def _templates(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {_named(each): each for each in objects(answer, "repositoryCreationTemplates")}


def _asked(registry: Registry, prefix: str) -> dict[str, dict[str, Any]]:
    """What is answered to a prefix, which may be asked without blame."""
    return _templates(registry.given("DescribeRepositoryCreationTemplates", prefixes=[prefix]))


@rule(
    "registry.template-create-answers",
    level=MUST,
    operations=["CreateRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepositoryCreationTemplate.repositoryCreationTemplate",
            "The details of the repository creation template associated with the request.",
        ),
        _PREFIX,
    ],
)
def test_create_answers_with_the_template(registry: Registry) -> None:
    """CreateRepositoryCreationTemplate answers with the registry's id and the new template."""
    prefix, owner = registry.name_prefix, own_registry(registry)
    answer = registry.call(
        "CreateRepositoryCreationTemplate", prefix=prefix, appliedFor=_APPLIED_FOR
    )
    template = structure(answer, "repositoryCreationTemplate")
    found = (
        _named(template),
        _meaning("appliedFor", template.get("appliedFor")),
        answer.get("registryId"),
    )
    wanted = prefix, sorted(_APPLIED_FOR), owner
    assert found == wanted, f"CreateRepositoryCreationTemplate: expected {wanted}, got {found}"


@pytest.mark.parametrize("member", _SETTINGS)
@rule(
    "registry.template-described",
    level=MUST,
    operations=["CreateRepositoryCreationTemplate", "DescribeRepositoryCreationTemplates"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeRepositoryCreationTemplates",
            "The prefixes request parameter can be used to return the details for a specific "
            "repository creation template.",
        ),
        documented(
            "RepositoryCreationTemplate.description",
            "The description associated with the repository creation template.",
        ),
        documented(
            "CreateRepositoryCreationTemplate.appliedFor",
            "A list of enumerable strings representing the Amazon ECR repository creation "
            "scenarios that this template will apply towards.",
        ),
        documented(
            "RepositoryCreationTemplate.appliedFor",
            "A list of enumerable Strings representing the repository creation scenarios that this "
            "template will apply towards.",
        ),
    ],
)
def test_a_template_is_described_as_it_was_made(registry: Registry, member: str) -> None:
    """DescribeRepositoryCreationTemplates gives each setting that a template was made with."""
    prefix = _make(registry, **_SETTINGS)
    wanted = _meaning(member, _SETTINGS[member])

    def observe() -> None:
        answer = registry.call("DescribeRepositoryCreationTemplates", prefixes=[prefix])
        found = _meaning(member, _templates(answer).get(prefix, {}).get(member))
        assert found == wanted, f"{member} was made {wanted}, described as {found}"

    registry.eventually(observe)


@rule(
    "registry.template-prefixes",
    level=MUST,
    operations=["DescribeRepositoryCreationTemplates"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeRepositoryCreationTemplates.prefixes",
            "The repository namespace prefixes associated with the repository creation templates "
            "to describe.",
        )
    ],
)
def test_other_templates_are_not_described(registry: Registry) -> None:
    """Asked for a prefix, DescribeRepositoryCreationTemplates leaves templates of others out."""
    wanted, other = _make(registry, "-one"), _make(registry, "-two")

    def observe() -> None:
        answer = registry.call("DescribeRepositoryCreationTemplates", prefixes=[wanted])
        found = _templates(answer)
        assert wanted in found, "the template of the prefix that was asked for is missing"
        assert other not in found, "the template of a prefix that was not asked for is there, too"

    registry.eventually(observe)


@rule(
    "registry.template-listed",
    level=MUST,
    operations=["DescribeRepositoryCreationTemplates"],
    services=["ecr"],
    evidence=[
        documented(
            "DescribeRepositoryCreationTemplates.prefixes",
            "If this value is not specified, all repository creation templates are returned.",
        )
    ],
)
def test_all_templates_are_listed(registry: Registry) -> None:
    """Asked for no prefix, DescribeRepositoryCreationTemplates gives every template there is."""
    wanted = {_make(registry, suffix) for suffix in ("-one", "-two")}

    def observe() -> None:
        operation = "DescribeRepositoryCreationTemplates"
        found = {name for page in pages(registry, operation) for name in _templates(page)}
        missing = len(wanted - found)
        assert not missing, f"{operation}: {missing} of 2 new templates are missing"

    registry.eventually(observe)


@rule(
    "registry.template-mutability-default",
    level=SHOULD,
    operations=["CreateRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepositoryCreationTemplate.imageTagMutability",
            "If this parameter is omitted, the default setting of MUTABLE will be used which will "
            "allow image tags to be overwritten.",
        ),
        observed(
            "DescribeRepositoryCreationTemplates",
            "a template that was made without it has image_tag_mutability MUTABLE",
            "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/"
            "repository_creation_template_test.go",
        ),
    ],
)
def test_a_template_is_mutable_by_default(registry: Registry) -> None:
    """A template that is made without imageTagMutability has it as MUTABLE."""
    answer = registry.call(
        "CreateRepositoryCreationTemplate", prefix=registry.name_prefix, appliedFor=_APPLIED_FOR
    )
    found = structure(answer, "repositoryCreationTemplate").get("imageTagMutability")
    assert found == "MUTABLE", f"made without imageTagMutability, it is {found}"


@rule(
    "registry.template-duplicate-refused",
    level=MUST,
    operations=["CreateRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepositoryCreationTemplate.TemplateAlreadyExistsException",
            "The repository creation template already exists. Specify a unique prefix and try "
            "again.",
        )
    ],
)
def test_a_second_template_of_one_prefix_is_refused(registry: Registry) -> None:
    """Making a template of a prefix that has one is TemplateAlreadyExistsException."""
    prefix = _make(registry)
    registry.refused(
        "CreateRepositoryCreationTemplate",
        "TemplateAlreadyExistsException",
        prefix=prefix,
        appliedFor=_APPLIED_FOR,
    )


_UPDATES: dict[str, Any] = {
    "appliedFor": ["REPLICATION"],
    "description": "updated by a conformance test",
}


@pytest.mark.parametrize("member", _UPDATES)
@rule(
    "registry.template-updated",
    level=MUST,
    operations=["UpdateRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "UpdateRepositoryCreationTemplate",
            "Updates an existing repository creation template.",
        ),
        documented(
            "UpdateRepositoryCreationTemplate.appliedFor",
            "Updates the list of enumerable strings representing the Amazon ECR repository "
            "creation scenarios that this template will apply towards.",
        ),
    ],
)
def test_an_update_changes_a_template(registry: Registry, member: str) -> None:
    """An updated setting is answered, and described from then on."""
    prefix, wanted = _make(registry, **_SETTINGS), _UPDATES[member]
    answer = registry.call("UpdateRepositoryCreationTemplate", prefix=prefix, **{member: wanted})
    template = structure(answer, "repositoryCreationTemplate")
    found = _named(template), template.get(member)
    assert found == (prefix, wanted), f"updated to {wanted!r}, the answer has {found}"

    def observe() -> None:
        described = _asked(registry, prefix).get(prefix, {}).get(member)
        assert described == wanted, f"updated to {wanted!r}, described as {described!r}"

    registry.eventually(observe)


@pytest.mark.parametrize("member", ["appliedFor", "lifecyclePolicy", "repositoryPolicy"])
@rule(
    "registry.template-update-keeps",
    level=SHOULD,
    operations=["UpdateRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "UpdateRepositoryCreationTemplate",
            "Updates an existing repository creation template.",
        )
    ],
)
def test_an_update_keeps_what_it_does_not_name(registry: Registry, member: str) -> None:
    """A setting that an update of a template does not name stays as it was."""
    prefix = _make(registry, **_SETTINGS)
    wanted = _meaning(member, _SETTINGS[member])

    def made() -> None:
        found = _meaning(member, _asked(registry, prefix).get(prefix, {}).get(member))
        assert found == wanted, f"{member} is {found}"

    registry.settle("CreateRepositoryCreationTemplate", made)
    registry.call("UpdateRepositoryCreationTemplate", prefix=prefix, description="another")

    def observe() -> None:
        found = _meaning(member, _asked(registry, prefix).get(prefix, {}).get(member))
        assert found == wanted, f"after an update of the description, {member} is {found}"

    registry.eventually(observe)


@rule(
    "registry.template-delete-answers",
    level=MUST,
    operations=["DeleteRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented(
            "DeleteRepositoryCreationTemplate.repositoryCreationTemplate",
            "The details of the repository creation template that was deleted.",
        )
    ],
)
def test_delete_answers_with_the_template(registry: Registry) -> None:
    """DeleteRepositoryCreationTemplate answers with the template that it deleted."""
    prefix = _make(registry)
    answer = registry.call("DeleteRepositoryCreationTemplate", prefix=prefix)
    found = _named(structure(answer, "repositoryCreationTemplate"))
    assert found == prefix, f"the template of {prefix} was deleted, the answer has {found}"


@rule(
    "registry.template-deleted-gone",
    level=MUST,
    operations=["DeleteRepositoryCreationTemplate"],
    services=["ecr"],
    evidence=[
        documented("DeleteRepositoryCreationTemplate", "Deletes a repository creation template."),
    ],
)
def test_a_deleted_template_is_gone(registry: Registry) -> None:
    """A deleted template is gone, and the template of another prefix is not."""
    prefix, other = _make(registry, "-one"), _make(registry, "-two")
    registry.call("DeleteRepositoryCreationTemplate", prefix=prefix)

    def observe() -> None:
        answer = registry.given("DescribeRepositoryCreationTemplates", prefixes=[prefix, other])
        left = _templates(answer)
        assert prefix not in left, "the deleted template is still described"
        assert other in left, "the template of another prefix is gone"

    registry.eventually(observe)


_ON_A_TEMPLATE = ("UpdateRepositoryCreationTemplate", "DeleteRepositoryCreationTemplate")


@pytest.mark.parametrize("operation", _ON_A_TEMPLATE)
@rule(
    "registry.template-unknown-refused",
    level=MUST,
    operations=_ON_A_TEMPLATE,
    services=["ecr"],
    evidence=[_MISSING],
)
def test_a_prefix_without_a_template_is_refused(registry: Registry, operation: str) -> None:
    """Updating or deleting the template of a prefix that has none is TemplateNotFoundException."""
    change = {"description": "another"} if operation.startswith("Update") else {}
    registry.given(operation, prefix=_make(registry, "-one"), **change)
    unknown = registry.name_prefix + "-none"
    registry.refused(operation, "TemplateNotFoundException", prefix=unknown, **change)
