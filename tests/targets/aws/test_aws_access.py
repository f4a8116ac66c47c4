"""Access to AWS: in which accounts, by whose credentials, at which addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import ExitCode, UsageError
from conformance.targets import AwsAccess, open_target
from conformance.targets.aws.session import address, credentials_of, offers, partition_of

HERE, THERE = "111122223333", "444455556666"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials and no configuration, whoever runs the tests."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    "access",
    [
        AwsAccess(),
        AwsAccess(expected_account=HERE),
        AwsAccess(denied_accounts=(THERE,)),
        AwsAccess(expected_account=HERE, denied_accounts=(THERE,)),
    ],
)
def test_an_account_that_may_be_asked_is(access: AwsAccess) -> None:
    """An account is taken that is the expected one, if any, and not denied."""
    access.require(HERE)


@pytest.mark.parametrize(
    ("access", "option"),
    [
        (AwsAccess(expected_account=THERE), "--expect-account"),
        (AwsAccess(denied_accounts=(THERE, HERE)), "--deny-account"),
        (AwsAccess(expected_account=HERE, denied_accounts=(HERE,)), "--deny-account"),
    ],
)
def test_an_account_that_may_not_be_asked_is_refused(access: AwsAccess, option: str) -> None:
    """An account that is denied, or not the expected one, is refused without telling its id."""
    with pytest.raises(UsageError) as raised:
        access.require(HERE)
    words = f"{raised.value.message} {raised.value.hint}"
    assert option in words
    assert "…3333" in words
    assert HERE not in words


@given(st.text(st.characters(codec="ascii"), max_size=14).filter(lambda text: not text.isdigit()))
def test_what_is_no_account_is_wrong_usage(text: str) -> None:
    """Anything but twelve digits is refused as an account, wherever it is given."""
    for options in ({"expected_account": text}, {"denied_accounts": (text,)}):
        with pytest.raises(UsageError, match="no account of AWS"):
            AwsAccess(**options)  # type: ignore[arg-type]


def test_there_are_no_credentials() -> None:
    """Without credentials the user is told how to come by them."""
    with pytest.raises(UsageError) as raised:
        credentials_of(AwsAccess())
    assert raised.value.message == "there are no credentials for AWS"
    assert "aws sso login" in raised.value.hint


def test_there_is_no_such_profile() -> None:
    """A profile that the configuration files do not have is wrong usage."""
    with pytest.raises(UsageError, match="no profile 'nobody'"):
        credentials_of(AwsAccess(profile="nobody"))


def test_the_options_of_aws_are_for_aws() -> None:
    """Options that only AWS has are refused for any other target."""
    with pytest.raises(UsageError, match="moto is not asked by an account's credentials") as raised:
        open_target("moto", access=AwsAccess(profile="mine"))
    assert raised.value.exit_code is ExitCode.USAGE


def test_accounts_set_for_all_runs_stop_no_other_target() -> None:
    """The accounts to ask in or not, which the environment may set, mean nothing elsewhere."""
    access = AwsAccess(expected_account=HERE, denied_accounts=(THERE,))
    with open_target("reference", access=access) as target:
        assert target.product == "reference"


@pytest.mark.parametrize(
    ("service", "region", "url"),
    [
        ("ecr", "eu-west-1", "https://api.ecr.eu-west-1.amazonaws.com"),
        ("ecr-public", "us-east-1", "https://api.ecr-public.us-east-1.amazonaws.com"),
        ("ecr", "cn-north-1", "https://api.ecr.cn-north-1.amazonaws.com.cn"),
        ("ecr", "us-gov-west-1", "https://api.ecr.us-gov-west-1.amazonaws.com"),
    ],
)
def test_a_service_is_where_botocore_says(
    monkeypatch: pytest.MonkeyPatch, service: str, region: str, url: str
) -> None:
    """AWS is asked at botocore's address, whatever AWS_ENDPOINT_URL says."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    assert address(AwsAccess(profile=None), service, region) == url


def test_a_stand_in_is_every_service() -> None:
    """The endpoint of a rehearsal stands in for each service and Region."""
    access = AwsAccess(endpoint="http://localhost:4566/")
    assert address(access, "sts", "eu-west-1") == "http://localhost:4566"


@pytest.mark.parametrize(
    ("region", "partition", "public"),
    [
        ("us-west-2", "aws", True),
        ("cn-north-1", "aws-cn", False),
        ("us-gov-east-1", "aws-us-gov", False),
    ],
)
def test_ecr_public_is_in_one_partition(region: str, partition: str, *, public: bool) -> None:
    """ECR is in every partition, ECR Public in the commercial one alone."""
    access = AwsAccess()
    assert partition_of(access, region) == partition
    assert offers(access, "ecr", partition)
    assert offers(access, "ecr-public", partition) is public


def test_what_is_no_region_is_wrong_usage() -> None:
    """A Region that no partition knows is refused before anything is asked."""
    with pytest.raises(UsageError, match="no Region 'atlantis'"):
        partition_of(AwsAccess(), "atlantis")
