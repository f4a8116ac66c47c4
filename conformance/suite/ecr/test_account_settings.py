"""Account settings: named switches of a registry.

Only the mounting of blobs is ever changed, which no other scenario notices.
"""

from __future__ import annotations

import pytest

from conformance.suite.answers import text
from conformance.suite.evidence import documented
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.twins import invalid_codes
from conformance.suite.verdicts import MUST, SHOULD

_NAMES = ("BASIC_SCAN_TYPE_VERSION", "REGISTRY_POLICY_SCOPE", "BLOB_MOUNTING")
_VALUES = documented(
    "PutAccountSetting.value",
    "Setting value that is specified. Valid value for basic scan type: AWS_NATIVE. Valid values "
    "for registry policy scope: V2. Valid values for blob mounting: ENABLED or DISABLED.",
)
_SETTING = documented(
    "PutAccountSetting.name",
    "The name of the account setting, such as BASIC_SCAN_TYPE_VERSION, REGISTRY_POLICY_SCOPE, or "
    "BLOB_MOUNTING.",
)
_ECHO = documented("PutAccountSetting.name", "Retrieves the name of the account setting.")


@pytest.mark.parametrize("name", _NAMES)
@rule(
    "registry.account-setting-got",
    level=MUST,
    operations=["GetAccountSetting"],
    services=["ecr"],
    evidence=[
        documented(
            "GetAccountSetting",
            "Retrieves the account setting value for the specified setting name.",
        ),
        documented(
            "GetAccountSetting.name",
            "The name of the account setting, such as BASIC_SCAN_TYPE_VERSION, "
            "REGISTRY_POLICY_SCOPE, or BLOB_MOUNTING.",
        ),
    ],
)
def test_a_setting_is_got(registry: Registry, name: str) -> None:
    """GetAccountSetting gives the name that was asked for and a value."""
    answer = registry.call("GetAccountSetting", name=name)
    found = answer.get("name")
    assert found == name, f"GetAccountSetting of {name} answers with the name {found}"
    assert text(answer, "value"), f"GetAccountSetting: {name} has the value {answer.get('value')!r}"


@pytest.mark.parametrize("value", ["ENABLED", "DISABLED"])
@rule(
    "registry.account-setting-put",
    level=MUST,
    operations=["PutAccountSetting"],
    services=["ecr"],
    evidence=[
        _SETTING,
        _VALUES,
        documented(
            "PutAccountSetting.value", "Retrieves the value of the specified account setting."
        ),
    ],
)
def test_a_setting_is_put(registry: Registry, settings: None, value: str) -> None:
    """PutAccountSetting answers with the name and value that it set, and they are got then."""
    wanted = {"name": "BLOB_MOUNTING", "value": value}
    answer = registry.call("PutAccountSetting", **wanted)
    found = {member: answer.get(member) for member in wanted}
    assert found == wanted, f"PutAccountSetting: expected {wanted}, got {found}"

    def observe() -> None:
        got = registry.given("GetAccountSetting", name="BLOB_MOUNTING").get("value")
        assert got == value, f"BLOB_MOUNTING was put as {value}, got as {got}"

    registry.eventually(observe)


@rule(
    "registry.account-setting-value-refused",
    level=MUST,
    operations=["PutAccountSetting"],
    services=["ecr"],
    evidence=[_VALUES],
)
def test_a_value_that_a_setting_has_not_is_refused(registry: Registry, settings: None) -> None:
    """PutAccountSetting refuses a value that the setting cannot have as invalid."""
    registry.given("PutAccountSetting", name="BLOB_MOUNTING", value="DISABLED")
    codes = invalid_codes(registry, "PutAccountSetting")
    registry.refused("PutAccountSetting", codes, name="BLOB_MOUNTING", value="SOMETIMES")


@rule(
    "registry.account-setting-name-refused",
    level=SHOULD,
    operations=["GetAccountSetting"],
    services=["ecr"],
    evidence=[_ECHO],
)
def test_a_setting_that_is_unknown_is_refused(registry: Registry) -> None:
    """GetAccountSetting refuses a name that no setting has as invalid."""
    registry.given("GetAccountSetting", name="BLOB_MOUNTING")
    codes = invalid_codes(registry, "GetAccountSetting")
    registry.refused("GetAccountSetting", codes, name="CONFORMANCE_OF_EMULATORS")
