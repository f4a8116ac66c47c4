"""Resource tags: the metadata of a repository, put, read and compared as keys with values."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.suite.answers import describe, objects, success, text
from conformance.suite.evidence import Source, documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.running.marking import MOST_TAGS, marks
from conformance.suite.topics.repository_answers import made

Tags = Mapping[str, str]
"""Values by key."""


def most(registry: Registry) -> int:
    """How many tags a scenario may put on a repository, beside the one by which it is known."""
    return MOST_TAGS - len(marks(registry.target))


LONGEST_KEY, LONGEST_VALUE = 128, 256
"""In characters, by ``InvalidTagParameterException`` of each service."""

_SHOWN = 40
"""How many characters of a key or value a message shows."""

_GUIDES = {
    "ecr": "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html",
    "ecr-public": "https://docs.aws.amazon.com/AmazonECR/latest/public/ecr-public-using-tags.html",
}


def guide(section: str, quote: str) -> Source:
    """A sentence of the user guides' pages on tags; both guides have it."""
    return lambda service: documented(section, quote, url=_GUIDES[service])(service)


def pairs(tags: Tags) -> list[dict[str, str]]:
    """Tags as requests have them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def numbered(count: int) -> dict[str, str]:
    """So many tags."""
    return {f"key-{number}": f"value-{number}" for number in range(count)}


def arn_of(registry: Registry, suffix: str = "", tags: Tags | None = None) -> str:
    """Make a repository, with tags or without; gives its ARN.

    ``Untestable`` unless its tags can be listed by it, so that nothing else is blamed for an ARN
    that is wrong.
    """
    given = {} if tags is None else {"tags": pairs(tags)}
    arn = text(made(registry, registry.name_prefix + suffix, **given), "repositoryArn")
    if arn is None:
        raise Untestable("CreateRepository", "the answer has no repositoryArn")
    _settle(registry, arn)
    return arn


def _settle(registry: Registry, arn: str) -> None:
    def observe() -> None:
        response = registry.send("ListTagsForResource", {"resourceArn": arn})
        assert success(response) is not None, describe(response)

    registry.settle("ListTagsForResource", observe)


def tagged(registry: Registry, tags: Tags, suffix: str = "") -> str:
    """Make a repository and put tags on it; gives its ARN once they are listed."""
    arn = arn_of(registry, suffix)
    registry.given("TagResource", resourceArn=arn, tags=pairs(tags))
    confirm(registry, arn, tags)
    return arn


def listed_pairs(registry: Registry, arn: str) -> list[tuple[str, str]]:
    """What ``ListTagsForResource`` answers, sorted; a value that it leaves out is empty.

    Without the tag by which the run knows its repositories.
    """
    answer = registry.call("ListTagsForResource", resourceArn=arn)
    listed = [
        (text(each, "Key") or "no key", text(each, "Value") or "")
        for each in objects(answer, "tags")
    ]
    return sorted(each for each in listed if each not in marks(registry.target).items())


def require_tags(registry: Registry, arn: str, wanted: Tags) -> None:
    """Require that a repository comes to have exactly these tags."""
    registry.eventually(lambda: _has_exactly(registry, arn, wanted))


def confirm(registry: Registry, arn: str, wanted: Tags) -> None:
    """Give up, ``Untestable``, unless a repository comes to have exactly these tags."""
    registry.settle("ListTagsForResource", lambda: _has_exactly(registry, arn, wanted))


def _has_exactly(registry: Registry, arn: str, wanted: Tags) -> None:
    listed = listed_pairs(registry, arn)
    found = dict(listed)
    differing = [key for key in sorted({**wanted, **found}) if wanted.get(key) != found.get(key)]
    assert not differing, f"of the tags, {_differences(differing[:3], found, wanted)}"
    assert len(listed) == len(found), "of the tags, some are listed more than once"


def _differences(keys: list[str], found: Tags, wanted: Tags) -> str:
    words = (f"{_short(key)} is {_value(found, key)}, not {_value(wanted, key)}" for key in keys)
    return "; ".join(words)


def _value(tags: Tags, key: str) -> str:
    return repr(_short(tags[key])) if key in tags else "absent"


def _short(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[:8]}… ({len(word)} characters)"
