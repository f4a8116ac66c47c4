"""What can be wrong with account settings."""

from __future__ import annotations

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer("GetAccountSetting", condemned_by=["registry.account-setting-got"])
def a_setting_has_a_short_name(answer: Answer, given: Parameters) -> None:
    """GetAccountSetting answers with the name in lower case."""
    answer["name"] = answer["name"].lower()


@broken_operation("PutAccountSetting", condemned_by=["registry.account-setting-put"])
def a_setting_is_not_kept(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutAccountSetting answers as if it had set the value."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation("PutAccountSetting", condemned_by=["registry.account-setting-value-refused"])
def a_setting_has_any_value(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutAccountSetting takes any value."""
    accounts = {**registry.settings.accounts, given["name"]: given["value"]}
    return registry.set(accounts=accounts), {"name": given["name"], "value": given["value"]}


@broken_operation("GetAccountSetting", condemned_by=["registry.account-setting-name-refused"])
def there_is_every_setting(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetAccountSetting has a value of any name."""
    try:
        return right(registry, given, call)
    except Refusal:
        return registry, {"name": given["name"], "value": "DISABLED"}
