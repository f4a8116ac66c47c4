"""What can be wrong with pull time update exclusions."""

from __future__ import annotations

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer(
    "RegisterPullTimeUpdateExclusion", condemned_by=["registry.exclusion-register-answers"]
)
def a_principal_is_only_its_name(answer: Answer, given: Parameters) -> None:
    """RegisterPullTimeUpdateExclusion answers with the name of the role, without the ARN."""
    answer["principalArn"] = answer["principalArn"].rpartition("/")[2]


@broken_answer("ListPullTimeUpdateExclusions", condemned_by=["registry.exclusion-listed"])
def nobody_is_listed(answer: Answer, given: Parameters) -> None:
    """ListPullTimeUpdateExclusions is always empty."""
    answer["pullTimeUpdateExclusions"] = []


@broken_operation(
    "RegisterPullTimeUpdateExclusion", condemned_by=["registry.exclusion-duplicate-refused"]
)
def a_principal_is_registered_again(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """RegisterPullTimeUpdateExclusion of a registered principal succeeds."""
    exclusions = registry.settings.exclusions
    others = {name: at for name, at in exclusions.items() if name != given["principalArn"]}
    return right(registry.set(exclusions=others), given, call)


@broken_operation(
    "DeregisterPullTimeUpdateExclusion",
    condemned_by=["registry.exclusion-deregistered", "registry.exclusion-unknown-refused"],
)
def a_principal_stays_registered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeregisterPullTimeUpdateExclusion answers as if it had removed the principal."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation(
    "DeregisterPullTimeUpdateExclusion", condemned_by=["registry.exclusion-unknown-refused"]
)
def removing_nobody_is_fine(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DeregisterPullTimeUpdateExclusion of a principal that is not registered succeeds."""
    try:
        return right(registry, given, call)
    except Refusal:
        return registry, {"principalArn": given["principalArn"]}
