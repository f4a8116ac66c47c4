"""Resource tags: on a repository as it is created, and put on it or taken from it later.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html and, for ECR Public,
https://docs.aws.amazon.com/AmazonECR/latest/public/ecr-public-using-tags.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from conformance.reference.call import Call, Outcome, Parameters, existing
from conformance.reference.refusal import INVALID_PARAMETER, Refusal
from conformance.reference.state import Registry, Repository

MAXIMUM_TAGS = 50
"""As documented: "The maximum number of tags that can be applied to a repository is 50"
(TooManyTagsException)."""

_MAXIMUM_KEY = 128
_MAXIMUM_VALUE = 256

_ARN = re.compile(
    "arn:aws[a-z-]*:(?P<service>[^:]*):(?P<region>[^:]*):(?P<account>[0-9]{12})"
    ":repository/(?P<name>[^:]+)"
)


def tag_resource(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put tags on a repository; one whose key is there already gets the new value.

    "Existing tags on a resource are not changed if they are not specified in the request
    parameters" (API_TagResource).
    """
    repository = _resource(registry, given, call)
    return registry.having(_tagged(repository, joined(_tags(repository), given["tags"]))), {}


def untag_resource(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Take tags from a repository.

    "Deletes specified tags from a resource" (API_UntagResource). That a key may be one that no tag
    has is not documented; here it may.
    """
    repository = _resource(registry, given, call)
    kept = {key: tag for key, tag in _tags(repository).items() if key not in given["tagKeys"]}
    return registry.having(_tagged(repository, kept)), {}


def list_tags_for_resource(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """All the tags of a repository, at most 50 and so without pages.

    "List the tags for an Amazon ECR resource" (API_ListTagsForResource).
    """
    tags = _tags(_resource(registry, given, call))
    return registry, {"tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def joined(tags: Mapping[str, str], given: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """Tags with those of a request, by key; of two with the same key the later one counts.

    ``Value`` is "The optional part of a key-value pair" (ECR Public's API_Tag), ``Key`` has to be
    there whatever the model says of it.

    Raises ``InvalidTagParameterException``: "Tag keys can have a maximum character length of 128
    characters, and tag values can have a maximum length of 256 characters"; and the guide reserves
    the prefix ``aws:``, in a key and in a value. Raises ``TooManyTagsException``: "The list of tags
    on the repository is over the limit". The texts are not public.
    """
    new = {each.get("Key", ""): each.get("Value", "") for each in given}
    for key, value in new.items():
        _require_valid(key, value)
    together = {**tags, **new}
    if len(together) > MAXIMUM_TAGS:
        raise Refusal("TooManyTagsException", f"A repository has at most {MAXIMUM_TAGS} tags")
    return together


def _require_valid(key: str, value: str) -> None:
    fits = 1 <= len(key) <= _MAXIMUM_KEY and len(value) <= _MAXIMUM_VALUE
    reserved = any(text.lower().startswith("aws:") for text in (key, value))
    if reserved or not fits:
        raise Refusal("InvalidTagParameterException", f"The tag '{key}' is invalid")


def _tags(repository: Repository) -> Mapping[str, str]:
    return repository.settings.resource_tags


def _tagged(repository: Repository, tags: Mapping[str, str]) -> Repository:
    return replace(repository, settings=replace(repository.settings, resource_tags=tags))


def _resource(registry: Registry, given: Parameters, call: Call) -> Repository:
    """The repository that an ARN names.

    "Currently, the only supported resource is an Amazon ECR repository" (API_TagResource). How
    another ARN is refused: https://github.com/boto/boto3/issues/2774. What AWS says to one of
    another account or region is not public; here that repository does not exist.
    """
    arn = _ARN.fullmatch(given["resourceArn"])
    if arn is None or arn["service"] != call.key.service:
        raise Refusal(INVALID_PARAMETER, "The ARN provided is invalid.")
    here = (arn["region"], arn["account"]) == (call.key.region, call.key.account)
    return existing(registry if here else Registry(), arn["name"], call)
