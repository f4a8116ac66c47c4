"""Account settings: named switches, one set for each registry.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html

They are kept and given back; none of them changes what other operations do here.
"""

from __future__ import annotations

from conformance.reference.call import Call, Outcome, Parameters
from conformance.reference.refusal import invalid
from conformance.reference.state import Registry

VALUES = {
    "BASIC_SCAN_TYPE_VERSION": ("AWS_NATIVE",),
    "BLOB_MOUNTING": ("DISABLED", "ENABLED"),
    "REGISTRY_POLICY_SCOPE": ("V2",),
}
"""The values that each setting may have, the default first.

As documented: "Valid value for basic scan type: AWS_NATIVE. Valid values for registry policy scope:
V2. Valid values for blob mounting: ENABLED or DISABLED" (API_PutAccountSetting). Which value a
setting has that nobody put is documented for none; here blobs are mounted only where that was
asked for.
"""


def get_account_setting(registry: Registry, given: Parameters, _: Call) -> Outcome:
    """The value of a setting, which is its default if none was put.

    "Retrieves the account setting value for the specified setting name" (API_GetAccountSetting).
    """
    name = given["name"]
    value = registry.settings.accounts.get(name, _values(name)[0])
    return registry, {"name": name, "value": value}


def put_account_setting(registry: Registry, given: Parameters, _: Call) -> Outcome:
    """Give a setting one of its values.

    "Allows you to change the basic scan type version or registry policy scope"
    (API_PutAccountSetting), and the third setting that the page names. How another value is refused
    is not public.
    """
    name, value = given["name"], given["value"]
    if value not in _values(name):
        raise invalid("value", f"must satisfy enum value set: [{', '.join(_values(name))}]")
    changed = registry.set(accounts={**registry.settings.accounts, name: value})
    return changed, {"name": name, "value": value}


def _values(name: str) -> tuple[str, ...]:
    """The values of a setting. How another name is refused is not public."""
    if name not in VALUES:
        raise invalid("name", f"must satisfy enum value set: [{', '.join(VALUES)}]")
    return VALUES[name]
