"""The registries that a pull through cache rule may have upstream.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
"""

from __future__ import annotations

import re

from conformance.reference.call import Call, Parameters
from conformance.reference.refusal import Refusal, invalid

_OPEN = {
    "ecr-public": "public.ecr.aws",
    "k8s": "registry.k8s.io",
    "quay": "quay.io",
}
_WITH_SECRET = {
    "azure-container-registry": "<custom>.azurecr.io",
    "chainguard": "cgr.dev",
    "docker-hub": "registry-1.docker.io",
    "github-container-registry": "ghcr.io",
    "gitlab-container-registry": "registry.gitlab.com",
}
_WITH_ROLE = {"ecr": "<accountId>.dkr.ecr.<region>.amazonaws.com"}

_PLACEHOLDERS = {
    "<accountId>": "(?P<account>[0-9]{12})",
    "<custom>": "[a-zA-Z0-9-]+",
    "<region>": "[a-z0-9-]+",
}


def upstream_of(given: Parameters, call: Call) -> str:
    """The name of the upstream registry that a new rule is for.

    "The following is the syntax to use for each supported upstream registry"
    (API_CreatePullThroughCacheRule); the user guide adds Chainguard's. A name that is given and is
    not that of the URL's registry is refused here; what AWS does is not public.

    Raises ``UnsupportedUpstreamRegistryException``, "The specified upstream registry isn't
    supported". Texts: https://github.com/goharbor/harbor/issues/20174 and
    https://github.com/aws-controllers-k8s/community/issues/2589.
    """
    url = given["upstreamRegistryUrl"]
    name = _name_of(url)
    if name is None:
        raise Refusal(
            "UnsupportedUpstreamRegistryException",
            f"The upstream registry URL {url} is invalid. Specify a valid upstream registry URL "
            "and try again",
        )
    if given.get("upstreamRegistry", name) != name:
        raise invalid("upstreamRegistry", f"must be the registry that the URL is of: {name}")
    if name in _WITH_SECRET and "credentialArn" not in given:
        raise Refusal(
            "UnsupportedUpstreamRegistryException",
            "The specified upstream registry requires authentication. Specify a valid Secrets "
            "Manager ARN",
        )
    _require_role(url, given, call)
    return name


def _require_role(url: str, given: Parameters, call: Call) -> None:
    """Refuse another account's registry without a role to authenticate with.

    One's own in another Region needs none: https://github.com/hashicorp/terraform-provider-aws/
    pull/41933. How it is refused is not public.
    """
    own = _matching(_WITH_ROLE["ecr"], url)
    if own is not None and own["account"] != call.key.account and "customRoleArn" not in given:
        raise Refusal(
            "UnsupportedUpstreamRegistryException",
            "The specified upstream registry requires authentication. Specify a valid role ARN",
        )


def _name_of(url: str) -> str | None:
    known = {**_OPEN, **_WITH_SECRET, **_WITH_ROLE}
    return next((name for name, syntax in known.items() if _matching(syntax, url)), None)


def _matching(syntax: str, url: str) -> re.Match[str] | None:
    pattern = re.escape(syntax)
    for placeholder, expression in _PLACEHOLDERS.items():
        pattern = pattern.replace(re.escape(placeholder), expression)
    return re.fullmatch(pattern, url)
