"""Names that are neither credentials nor anybody else's business.

Those of users, roles and sessions in ARNs of IAM and STS, as a refusal quotes them; of repositories
that the run did not make, as a listing of the whole registry has them; and of public registries.
What the suite names itself stays: a replay asks for it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from conformance.transport.exchange import Exchange
from conformance.transport.redaction.accounts import ACCOUNT, is_dummy
from conformance.transport.redaction.finding import Replace, in_member_values
from conformance.transport.redaction.nesting import in_escapes

__all__ = ["Names", "in_principals"]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: names and paths. What
# ends a sentence is none of them. "\/" is how PHP's encoder writes "/".
_NAME = r"[\w+=,.@-]*[\w+=@-]"
_PRINCIPAL = re.compile(
    r"(?P<kind>arn:aws[\w-]*:(?:iam|sts)::(?P<account>[0-9]{12}):[a-z-]+)"
    rf"(?P<names>(?:\\?/{_NAME})+)",
    re.ASCII,
)
_NAMES = re.compile(_NAME, re.ASCII)
_GENERATED = "example-"
"""What the roles of generated requests begin with (``contract.generators``)."""

_OF_AWS = re.compile(r"\\?/aws-service-role\\?/")
"""The path of service-linked roles, whose names are the same in every account."""

_ALIAS = re.compile(r"(?<=public\.ecr\.aws/)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")

_ARN = re.compile(r"(?P<before>.*:repository/)(?P<name>.+)", re.DOTALL)
_URI = re.compile(r"(?P<before>(?:public\.ecr\.aws/)?[^/]+/)(?P<name>.+)", re.DOTALL)
_ANY = re.compile(r"(?P<before>)(?P<name>.+)", re.DOTALL)
_LISTED = {
    "DescribeRepositories": {"repositoryName": _ANY, "repositoryArn": _ARN, "repositoryUri": _URI},
    "DescribeRegistries": {"name": _ANY},
}
"""Answers that may be about what is not the run's, and where in their members a name stands."""
_ASKED_FOR = b'"repositoryNames"'


def in_principals(
    text: str, replaced: Replace, own: str, is_nobodys: Callable[[str], bool] = is_dummy
) -> str:
    """Replace the names in ARNs of IAM and STS, each part of a path by itself.

    Names stay that begin with ``own`` or were generated, that AWS gave, or that are of an account
    that ``is_nobodys``.
    """

    def name(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith((own, _GENERATED)) else replaced(found[0])

    def principal(found: re.Match[str]) -> str:
        if is_nobodys(found["account"]) or _OF_AWS.match(found["names"]):
            return found[0]
        return found["kind"] + _NAMES.sub(name, found["names"])

    return _PRINCIPAL.sub(principal, text) if ":iam:" in text or ":sts:" in text else text


@dataclass(frozen=True, slots=True)
class Names:
    """Replaces names in what a run recorded. ``own`` is what those of the suite begin with."""

    own: str
    mask: Replace

    def in_text(self, text: str) -> str:
        """A text without the names of principals and public registries."""
        text = in_principals(text, self.mask, self.own)
        return _ALIAS.sub(self._alias, text) if "public.ecr.aws/" in text else text

    def in_listing(self, exchange: Exchange) -> Exchange:
        """An exchange whose answer does not tell the names of what others have in the registry."""
        places, answer = _LISTED.get(exchange.operation), exchange.response
        if places is None or answer is None or _ASKED_FOR in exchange.request.body:
            return exchange
        body = answer.body.decode("latin-1")
        for member, place in places.items():
            body = in_member_values(body, member, partial(self._listed, place))
        return replace(exchange, response=replace(answer, body=body.encode("latin-1")))

    def _listed(self, place: re.Pattern[str], value: str) -> str:
        def name(found: re.Match[str]) -> str:
            kept = found["name"].startswith(self.own) or ACCOUNT.fullmatch(found["name"])
            return found["before"] + (found["name"] if kept else self.mask(found["name"]))

        return in_escapes(value, lambda text: place.sub(name, text, count=1))

    def _alias(self, found: re.Match[str]) -> str:
        kept = found[0].startswith(self.own) or ACCOUNT.fullmatch(found[0])
        return found[0] if kept else self.mask(found[0])
