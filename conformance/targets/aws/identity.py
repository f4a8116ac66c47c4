"""Whose credentials they are: asked of STS, for which nobody needs a permission.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from conformance.errors import CredentialsRefused, TargetUnavailable
from conformance.targets.aws.access import AwsAccess
from conformance.targets.aws.refusals import reason
from conformance.targets.aws.session import client, credentials_of


def account_of(access: AwsAccess, region: str) -> str:
    """The account of the credentials.

    Raises ``CredentialsRefused`` where AWS does not take them, ``TargetUnavailable`` where it does
    not answer, ``UsageError`` where there are none.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    credentials_of(access)
    try:
        return str(client(access, "sts", region).get_caller_identity()["Account"])
    except ClientError as error:
        told, answered = error.response["Error"], error.response["ResponseMetadata"]
        headers = {name.lower(): value for name, value in answered.get("HTTPHeaders", {}).items()}
        code, message = told.get("Code", ""), told.get("Message", "")
        refused = reason(code, message, headers.get("date"))
        raise refused or CredentialsRefused(f"STS does not say whose they are: {code}") from None
    except (BotoCoreError, ResponseParserError, KeyError) as error:
        raise TargetUnavailable(
            f"STS does not say whose the credentials are: {error}",
            "check the network, --region and --endpoint-url",
        ) from None
