"""Lifecycle policies of repositories, and previews of what they do.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html

A policy is kept, never run: AWS runs it within 24 hours, so images that it expires are still there
right after it was put. A preview is in progress for ``PREPARATION`` seconds, and shows what the
policy would have done at the time it was started.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import ImageId, require_forms
from conformance.reference.operations.lifecycle_evaluation import Mark, marked, storage_class
from conformance.reference.operations.lifecycle_grammar import read_lifecycle_policy
from conformance.reference.pagination import all_or_page, page
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import LifecyclePreview, Registry, Repository

PREPARATION = 0.1
"""Seconds a preview takes here. AWS promises none."""

_ACTIONS = {
    "EXPIRE": {"type": "EXPIRE"},
    "TRANSITION": {"type": "TRANSITION", "targetStorageClass": "ARCHIVE"},
}
"""The action of a result, by its type. ``targetStorageClass``: "This is only present when the type
is TRANSITION" (API_LifecyclePolicyRuleAction)."""

NEVER = 0.0
"""When a policy was last run that never was, as recorded:
https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
test_ecr_lifecycle_delete."""


def put_lifecycle_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put a policy in place of any other; the answer has the text without blanks between.

    "Creates or updates the lifecycle policy for the specified repository" (API_PutLifecyclePolicy).
    The text is so in AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/
    ecr/put-lifecycle-policy.rst. Members keep their order: whether AWS changes it is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    text = read_lifecycle_policy(given["lifecyclePolicyText"]).text
    answer = {**named(repository, call), "lifecyclePolicyText": text}
    return registry.having(replace(repository, lifecycle_policy=text)), answer


def get_lifecycle_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The policy of a repository, which was never run here.

    "Retrieves the lifecycle policy for the specified repository" (API_GetLifecyclePolicy).
    """
    repository = existing(registry, given["repositoryName"], call)
    return registry, _answer(repository, call)


def delete_lifecycle_policy(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Delete a repository's policy and answer with it. A preview of it stays.

    "Deletes the lifecycle policy associated with the specified repository"
    (API_DeleteLifecyclePolicy).
    """
    repository = existing(registry, given["repositoryName"], call)
    answer = _answer(repository, call)
    return registry.having(replace(repository, lifecycle_policy=None)), answer


def start_lifecycle_policy_preview(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Begin a preview in place of the one before; the answer has the text as it was given.

    "If you do not specify a policy, the current policy for the repository is used"
    (API_StartLifecyclePolicyPreview). AWS's example of the answer: https://github.com/aws/aws-cli/
    blob/develop/awscli/examples/ecr/start-lifecycle-policy-preview.rst.

    LifecyclePolicyPreviewInProgressException: "The previous lifecycle policy preview request has
    not completed. Wait and try again".
    """
    repository = existing(registry, given["repositoryName"], call)
    previous = repository.lifecycle_preview
    if previous is not None and not _is_complete(previous, call):
        raise Refusal(
            "LifecyclePolicyPreviewInProgressException",
            "The previous lifecycle policy preview request has not completed. Wait and try again.",
        )
    asked = given.get("lifecyclePolicyText")
    text = _policy(repository, call) if asked is None else asked
    marks = marked(read_lifecycle_policy(text).rules, repository, call.now)
    results = tuple(_result(each, repository) for each in marks)
    begun = LifecyclePreview(text, results, ends_at=call.now + PREPARATION)
    answer = {**named(repository, call), **_described(begun, call)}
    return registry.having(replace(repository, lifecycle_preview=begun)), answer


def get_lifecycle_policy_preview(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The last preview, in pages once it is complete; until then without results or summary.

    "Retrieves the results of the lifecycle policy preview request for the specified repository"
    (API_GetLifecyclePolicyPreview). The summary is of all results, whatever is asked for. Images
    that are not among the results are left out, be they there or not.
    """
    repository = existing(registry, given["repositoryName"], call)
    all_or_page(given, "imageIds")
    _require_image_ids(given.get("imageIds", []))
    preview = _preview(repository, call)
    complete = _is_complete(preview, call)
    results = preview.results if complete else ()
    wanted = {each["imageDigest"]: each for each in results if _passes(given, each)}
    shown, more = page(wanted, given, call)
    summary = {"summary": _summary(results)} if complete else {}
    described = {**named(repository, call), **_described(preview, call)}
    return registry, {**described, "previewResults": shown, **more, **summary}


def _answer(repository: Repository, call: Call) -> Answer:
    text = _policy(repository, call)
    return {**named(repository, call), "lifecyclePolicyText": text, "lastEvaluatedAt": NEVER}


def _policy(repository: Repository, call: Call) -> str:
    """The text of the policy, or ``LifecyclePolicyNotFoundException``.

    Recorded: https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
    test_ecr_lifecycle_delete.
    """
    if repository.lifecycle_policy is None:
        raise Refusal(
            "LifecyclePolicyNotFoundException",
            f"Lifecycle policy does not exist for the repository with name '{repository.name}' in "
            f"the registry with id '{call.key.account}'",
        )
    return repository.lifecycle_policy


def _preview(repository: Repository, call: Call) -> LifecyclePreview:
    """The preview, or ``LifecyclePolicyPreviewNotFoundException``.

    "There is no dry run for this repository". The text is not public.
    """
    if repository.lifecycle_preview is None:
        raise Refusal(
            "LifecyclePolicyPreviewNotFoundException",
            "Lifecycle policy preview does not exist for the repository with name "
            f"'{repository.name}' in the registry with id '{call.key.account}'",
        )
    return repository.lifecycle_preview


def _described(preview: LifecyclePreview, call: Call) -> Answer:
    """The members that both answers about previews have."""
    status = "COMPLETE" if _is_complete(preview, call) else "IN_PROGRESS"
    return {"lifecyclePolicyText": preview.policy, "status": status}


def _is_complete(preview: LifecyclePreview, call: Call) -> bool:
    return call.now >= preview.ends_at


def _result(mark: Mark, repository: Repository) -> Mapping[str, Any]:
    """The ``LifecyclePolicyPreviewResult`` of an answer (API_LifecyclePolicyPreviewResult).

    Without tags the list of them is empty; whether AWS leaves it out is not public.
    """
    return {
        "imageTags": repository.tags_of(mark.image.digest),
        "imageDigest": mark.image.digest,
        "imagePushedAt": mark.image.pushed_at,
        "action": _ACTIONS[mark.rule.action],
        "appliedRulePriority": mark.rule.priority,
        "storageClass": storage_class(mark.image),
    }


def _summary(results: tuple[Mapping[str, Any], ...]) -> Answer:
    """The ``LifecyclePolicyPreviewSummary`` of an answer (API_LifecyclePolicyPreviewSummary).

    ``transitioningImageTotalCounts``: "This field is only present if at least one image will be
    transitoned in the summary".
    """
    types = [each["action"]["type"] for each in results]
    total = {"targetStorageClass": "ARCHIVE", "imageTotalCount": types.count("TRANSITION")}
    transitions = {"transitioningImageTotalCounts": [total]} if "TRANSITION" in types else {}
    return {"expiringImageTotalCount": types.count("EXPIRE"), **transitions}


def _passes(given: Parameters, result: Mapping[str, Any]) -> bool:
    """Whether a result is one of those asked for, by ``filter`` and by ``imageIds``."""
    tag_status = "TAGGED" if result["imageTags"] else "UNTAGGED"
    fits = given.get("filter", {}).get("tagStatus", "ANY") in ("ANY", tag_status)
    asked = given.get("imageIds")
    return fits and (asked is None or any(_names(each, result) for each in asked))


def _names(image_id: ImageId, result: Mapping[str, Any]) -> bool:
    digest, tag = image_id.get("imageDigest"), image_id.get("imageTag")
    return digest in (None, result["imageDigest"]) and (tag is None or tag in result["imageTags"])


def _require_image_ids(image_ids: list[ImageId]) -> None:
    for each in image_ids:
        require_forms(each)
        if not {"imageDigest", "imageTag"} & each.keys():
            raise invalid("imageId", "Both imageTag and imageDigest are missing")
