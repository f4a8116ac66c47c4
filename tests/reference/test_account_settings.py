"""Switches of a registry, by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from conformance.reference import ReferenceTransport
from conformance.reference.operations.account_settings import VALUES
from conformance.transport.boto import boto_client


def _get(ecr: Any, name: str) -> str:
    answer = ecr.get_account_setting(name=name)
    assert answer["name"] == name
    value: str = answer["value"]
    return value


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_has_a_valid_value_from_the_start(ecr: Any, name: str) -> None:
    """A setting that nobody put has one of the values that may be put."""
    value = _get(ecr, name)
    assert value in VALUES[name]
    ecr.put_account_setting(name=name, value=value)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in VALUES.items() for value in values]
)
def test_a_setting_has_the_value_that_was_put(ecr: Any, name: str, value: str) -> None:
    """The answer to a put repeats it, and from then on it is the value."""
    answer = ecr.put_account_setting(name=name, value=value)
    assert (answer["name"], answer["value"]) == (name, value)
    assert _get(ecr, name) == value


def test_settings_are_independent(ecr: Any, reference: ReferenceTransport) -> None:
    """A value that is put changes neither another setting nor that of another Region."""
    before = {name: _get(ecr, name) for name in VALUES}
    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    after = {name: _get(ecr, name) for name in VALUES}
    assert after == {**before, "BLOB_MOUNTING": "ENABLED"}
    paris = boto_client("ecr", reference, "http://reference.invalid", "eu-west-3")
    assert _get(paris, "BLOB_MOUNTING") == before["BLOB_MOUNTING"]


def test_an_unknown_setting_is_invalid(ecr: Any) -> None:
    """A name that no setting has is an invalid parameter, to get and to put."""
    with pytest.raises(ClientError, match=r"InvalidParameterException.*'name'"):
        ecr.get_account_setting(name="MADE_UP")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*'name'"):
        ecr.put_account_setting(name="MADE_UP", value="V2")


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("value", ["", "MADE_UP", "enabled"])
def test_a_value_of_no_setting_is_invalid(ecr: Any, name: str, value: str) -> None:
    """A value that a setting cannot have is refused and changes nothing."""
    before = _get(ecr, name)
    with pytest.raises(ClientError, match=r"InvalidParameterException.*'value'"):
        ecr.put_account_setting(name=name, value=value)
    assert _get(ecr, name) == before
