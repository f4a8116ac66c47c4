"""The IAM roles that ECR is to assume."""

from __future__ import annotations

import re

from conformance.reference.call import Call, Parameters
from conformance.reference.refusal import invalid

_ROLE = re.compile("arn:aws(-[a-z]+)*:iam::(?P<account>[0-9]{12}):role/.+")


def require_own_role(given: Parameters, call: Call) -> None:
    """Refuse a ``customRoleArn`` that is no role of the registry's account.

    "This role must be in the same account as the registry that you are configuring"
    (API_CreatePullThroughCacheRule, API_CreateRepositoryCreationTemplate). How another is refused
    is not public. That the role exists is not required here.
    """
    if "customRoleArn" in given:
        role = _ROLE.fullmatch(given["customRoleArn"])
        if role is None or role["account"] != call.key.account:
            raise invalid("customRoleArn", "must be a role of the account of the registry")
