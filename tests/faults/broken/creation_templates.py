"""What can be wrong with repository creation templates."""

from __future__ import annotations

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer(
    "CreateRepositoryCreationTemplate", condemned_by=["registry.template-create-answers"]
)
def a_template_is_of_another_registry(answer: Answer, given: Parameters) -> None:
    """CreateRepositoryCreationTemplate answers with a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_operation(
    "CreateRepositoryCreationTemplate",
    condemned_by=["registry.template-described"],
)
def only_the_first_settings_are_kept(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepositoryCreationTemplate forgets the description and the policies."""
    kept = {name: given[name] for name in ("prefix", "appliedFor")}
    return right(registry, kept, call)


@broken_operation(
    "DescribeRepositoryCreationTemplates", condemned_by=["registry.template-prefixes"]
)
def prefixes_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositoryCreationTemplates gives all templates, whatever prefixes are asked for."""
    rest = {name: value for name, value in given.items() if name != "prefixes"}
    return right(registry, rest, call)


@broken_operation(
    "DescribeRepositoryCreationTemplates",
    condemned_by=[
        "registry.template-listed",
        "ecr.client.full-result",
    ],
)
def templates_are_only_given_by_prefix(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeRepositoryCreationTemplates without prefixes gives nothing."""
    if "prefixes" in given:
        return right(registry, given, call)
    return registry, {"registryId": call.key.account, "repositoryCreationTemplates": []}


@broken_answer(
    "CreateRepositoryCreationTemplate",
    condemned_by=["registry.template-mutability-default", "ecr.shapes.presence"],
)
def a_template_has_no_defaults(answer: Answer, given: Parameters) -> None:
    """CreateRepositoryCreationTemplate answers with a mutability only if there was one."""
    if "imageTagMutability" not in given:
        answer["repositoryCreationTemplate"].pop("imageTagMutability")


@broken_operation(
    "CreateRepositoryCreationTemplate", condemned_by=["registry.template-duplicate-refused"]
)
def a_template_takes_the_place_of_another(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepositoryCreationTemplate replaces the template of the same prefix."""
    templates = registry.settings.templates
    others = {name: each for name, each in templates.items() if name != given["prefix"]}
    return right(registry.set(templates=others), given, call)


@broken_operation("UpdateRepositoryCreationTemplate", condemned_by=["registry.template-updated"])
def an_update_is_forgotten(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateRepositoryCreationTemplate answers with the new template and keeps the old one."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation(
    "UpdateRepositoryCreationTemplate",
    condemned_by=["registry.template-update-keeps", "ecr.shapes.presence"],
)
def an_update_is_a_new_template(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateRepositoryCreationTemplate forgets what it is not given."""
    changed, answer = right(registry, given, call)
    defaults = ("encryptionConfiguration", "createdAt", "updatedAt", "prefix")
    found = answer["repositoryCreationTemplate"]
    template = {name: value for name, value in found.items() if name in {*given, *defaults}}
    templates = {**changed.settings.templates, given["prefix"]: template}
    return changed.set(templates=templates), answer


@broken_answer(
    "DeleteRepositoryCreationTemplate",
    condemned_by=["registry.template-delete-answers", "ecr.shapes.presence"],
)
def deletion_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """DeleteRepositoryCreationTemplate answers with the registry's id alone."""
    answer.pop("repositoryCreationTemplate")


@broken_operation(
    "DeleteRepositoryCreationTemplate", condemned_by=["registry.template-deleted-gone"]
)
def a_deleted_template_stays(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeleteRepositoryCreationTemplate answers as if it had deleted the template."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation(
    "DeleteRepositoryCreationTemplate",
    "UpdateRepositoryCreationTemplate",
    condemned_by=["registry.template-unknown-refused", "ecr.shapes.presence"],
)
def a_missing_template_is_fine(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A template that is missing is updated, and deleted, as if it were there."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "TemplateNotFoundException":
            raise
        answer = {"registryId": call.key.account, "repositoryCreationTemplate": dict(given)}
        return registry, answer


@broken_operation(
    "CreateRepositoryCreationTemplate",
    condemned_by=[
        "registry.template-scenarios",
        "ecr.validation.create-repository-creation-template.valid",
    ],
)
def no_template_is_for_pushes(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CreateRepositoryCreationTemplate does not know creation on push."""
    if given["appliedFor"] == ["CREATE_ON_PUSH"]:
        raise Refusal("ValidationException", "no such scenario")
    return right(registry, given, call)
