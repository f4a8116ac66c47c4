"""Repository creation templates: the settings of repositories that ECR makes on one's behalf.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html

The templates are kept and given back. Nothing is pulled through a cache, replicated or created by a
push here, so none is ever applied. LimitExceededException is for a number of templates that is not
public; there is no such limit here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.operations.policy_grammar import read_policy
from conformance.reference.operations.policy_text import printed
from conformance.reference.operations.resource_tags import joined
from conformance.reference.operations.roles import require_own_role
from conformance.reference.operations.tag_mutability import exclusions_of
from conformance.reference.pagination import page
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Registry, without

Template = Mapping[str, Any]
"""The ``RepositoryCreationTemplate`` of an answer (API_RepositoryCreationTemplate)."""

_MUTABILITY = ("imageTagMutability", "imageTagMutabilityExclusionFilters")


def create_repository_creation_template(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Add a template.

    "This template is used to define the settings for repositories created by Amazon ECR on your
    behalf" (API_CreateRepositoryCreationTemplate).

    Mutability and encryption are answered when they are not given, as their defaults: https://
    github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/
    repository_creation_template_test.go.
    """
    settings = _settings(given, call)
    _require_new(registry, given["prefix"], call)
    now = call.now_in_milliseconds
    template: Template = {
        "encryptionConfiguration": {"encryptionType": "AES256"},
        "imageTagMutability": "MUTABLE",
        **settings,
        "createdAt": now,
        "updatedAt": now,
    }
    return _keeping(registry, template, call)


def update_repository_creation_template(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Give a template other settings; what is not given stays, as in AWS's example.

    "Updates an existing repository creation template" (API_UpdateRepositoryCreationTemplate).
    Mutability and its filters are one setting: filters need a mutability beside them, and a
    mutability without any ends those that were there.
    """
    old = _existing(registry, given["prefix"], call)
    settings = _settings(given, call)
    gone = _MUTABILITY if "imageTagMutability" in given else ()
    kept = {name: value for name, value in old.items() if name not in gone}
    named = {"prefix": old["prefix"], "updatedAt": call.now_in_milliseconds}
    return _keeping(registry, {**kept, **settings, **named}, call)


def delete_repository_creation_template(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Delete a template and answer with it.

    "The details of the repository creation template that was deleted"
    (API_DeleteRepositoryCreationTemplate).
    """
    template = _existing(registry, given["prefix"], call)
    templates = without(registry.settings.templates, _key(given["prefix"]))
    return registry.set(templates=templates), _answer(template, call)


def describe_repository_creation_templates(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The templates of the prefixes named, or all, in pages.

    "If this value is not specified, all repository creation templates are returned"
    (API_DescribeRepositoryCreationTemplates). TemplateNotFoundException is not declared, so a
    prefix without a template has no part in the answer. In that page's example a prefix is answered
    with the templates of longer ones; here a prefix names its own template only.
    """
    templates = registry.settings.templates
    if "prefixes" in given:
        wanted = {_key(prefix) for prefix in given["prefixes"]}
        templates = {key: each for key, each in templates.items() if key in wanted}
    shown, more = page(templates, given, call)
    answer = {"registryId": call.key.account, "repositoryCreationTemplates": shown}
    return registry, {**answer, **more}


def _settings(given: Parameters, call: Call) -> Template:
    """The members of a template in a request. Raises ``InvalidParameterException``.

    The lifecycle policy is kept as it is, the other policy as AWS prints it: so it is in the
    example of API_CreateRepositoryCreationTemplate. Which texts AWS refuses is not public; here a
    repository policy has to be one.
    """
    require_own_role(given, call)
    _require_resource_tags(given)
    exclusions_of(given)
    policy = given.get("repositoryPolicy")
    return {**given, "repositoryPolicy": _printed(policy)} if policy else given


def _printed(text: str) -> str:
    policy = read_policy(text)
    if policy is None:
        raise invalid("RepositoryPolicy", "Invalid repository policy provided")
    return printed(policy)


def _require_resource_tags(given: Parameters) -> None:
    """Refuse tags that a repository could not have, with the one code that is declared for it.

    "Tag keys can have a maximum character length of 128 characters, and tag values can have a
    maximum length of 256 characters".
    """
    try:
        joined({}, given.get("resourceTags", ()))
    except Refusal as refusal:
        raise invalid("resourceTags", refusal.message) from None


def _key(prefix: str) -> str:
    """What tells templates apart.

    "There is always an assumed / applied to the end of the prefix".
    """
    return prefix.removesuffix("/")


def _keeping(registry: Registry, template: Template, call: Call) -> Outcome:
    templates = {**registry.settings.templates, _key(template["prefix"]): template}
    return registry.set(templates=templates), _answer(template, call)


def _answer(template: Template, call: Call) -> Answer:
    return {"registryId": call.key.account, "repositoryCreationTemplate": template}


def _require_new(registry: Registry, prefix: str, call: Call) -> None:
    """Refuse a second template of one prefix.

    TemplateAlreadyExistsException: "The repository creation template already exists. Specify a
    unique prefix and try again". The text is not public.
    """
    if _key(prefix) in registry.settings.templates:
        raise Refusal(
            "TemplateAlreadyExistsException",
            f"The repository creation template with prefix '{prefix}' already exists in the "
            f"registry with id '{call.key.account}'",
        )


def _existing(registry: Registry, prefix: str, call: Call) -> Template:
    """The template of a prefix, or ``TemplateNotFoundException``.

    "The specified repository creation template can't be found". The text is not public.
    """
    template = registry.settings.templates.get(_key(prefix))
    if template is None:
        raise Refusal(
            "TemplateNotFoundException",
            f"The repository creation template with prefix '{prefix}' does not exist in the "
            f"registry with id '{call.key.account}'",
        )
    return template
