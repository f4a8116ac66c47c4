"""Names of targets: which are known, and what is said of the rest."""

from __future__ import annotations

import pytest

from conformance.errors import ExitCode, UsageError
from conformance.targets import KINDS, Target, open_target


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("motto", "Did you mean 'moto'? "),
        ("MiniStack", "Did you mean 'ministack'? "),
        ("kubernetes", "Known targets: moto, ministack, http(s)://HOST:PORT"),
        ("", "Known targets: "),
    ],
)
def test_an_unknown_name_is_wrong_usage(name: str, hint: str) -> None:
    """A name of no kind is refused with the known ones and the nearest of them."""
    with pytest.raises(UsageError) as raised:
        open_target(name)
    assert raised.value.message == f"there is no target {name!r}"
    assert raised.value.hint.startswith(hint)
    assert raised.value.exit_code == ExitCode.USAGE


def test_every_kind_has_a_spelling_of_its_own() -> None:
    """No two kinds of target are spelt alike."""
    spellings = [kind.spelling for kind in KINDS]
    assert len(set(spellings)) == len(spellings)


@pytest.mark.parametrize(
    "target",
    [
        Target("moto", "http://127.0.0.1:5000", "moto", "5.2.5", "us-east-1"),
        Target("aws", "https://ecr", "aws", None, "eu-west-1", "eventual", "123456789012"),
    ],
)
def test_a_target_survives_json(target: Target) -> None:
    """A target written as JSON reads back the same."""
    assert Target.from_json(target.to_json()) == target
