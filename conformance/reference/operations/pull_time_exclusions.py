"""Pull time update exclusions: who may pull an image without its pull time being recorded.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html

Nobody pulls images through the operations of this reference, so the list has no effect here.
"""

from __future__ import annotations

from conformance.reference.call import Call, Outcome, Parameters
from conformance.reference.pagination import page
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, without

MAXIMUM_EXCLUSIONS = 100
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html, counted
here for each registry."""


def register_pull_time_update_exclusion(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Add a principal to the list; that it exists is not required here.

    "Adds an IAM principal to the pull time update exclusion list for a registry"
    (API_RegisterPullTimeUpdateExclusion). ExclusionAlreadyExistsException: "The specified pull time
    update exclusion already exists for the registry". The texts are not public.
    """
    principal, exclusions = given["principalArn"], registry.settings.exclusions
    if principal in exclusions:
        raise Refusal(
            "ExclusionAlreadyExistsException",
            f"The exclusion of '{principal}' already exists in the registry with id "
            f"'{call.key.account}'",
        )
    if len(exclusions) >= MAXIMUM_EXCLUSIONS:
        raise Refusal(
            "LimitExceededException", f"A registry has at most {MAXIMUM_EXCLUSIONS} exclusions"
        )
    created_at = call.now_in_milliseconds
    changed = registry.set(exclusions={**exclusions, principal: created_at})
    return changed, {"principalArn": principal, "createdAt": created_at}


def deregister_pull_time_update_exclusion(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Take a principal from the list.

    "Removes a principal from the pull time update exclusion list for a registry"
    (API_DeregisterPullTimeUpdateExclusion). ExclusionNotFoundException: "The specified pull time
    update exclusion was not found". The text is not public.
    """
    principal, exclusions = given["principalArn"], registry.settings.exclusions
    if principal not in exclusions:
        raise Refusal(
            "ExclusionNotFoundException",
            f"The exclusion of '{principal}' does not exist in the registry with id "
            f"'{call.key.account}'",
        )
    return registry.set(exclusions=without(exclusions, principal)), {"principalArn": principal}


def list_pull_time_update_exclusions(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The principals on the list, in pages.

    "Lists the IAM principals that are excluded from having their image pull times recorded"
    (API_ListPullTimeUpdateExclusions).
    """
    principals = {principal: principal for principal in registry.settings.exclusions}
    shown, more = page(principals, given, call)
    return registry, {"pullTimeUpdateExclusions": shown, **more}
