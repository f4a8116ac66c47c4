"""Waiver files: what is read from them, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conformance.errors import ExitCode, UsageError
from conformance.report.waiver_file import draft_of, parse_waivers, read_waivers
from conformance.report.waivers import Waiver

ONE = """\
# moto does not page
[[waiver]]
id = "ecr.pagination.default"
reason = "moto gives all at once"
issue = "https://github.com/getmoto/moto/issues/1"
expires = 2027-01-31
"""
# Texts by their characters: those from a pattern take a second where it has a class like \w.
ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map("ecr.tags.a[{}]".format)
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip)
addresses = st.text("abc/.#?-é", min_size=1, max_size=20).map("https://{}".format)
drafts = st.lists(
    st.tuples(
        st.builds(
            Waiver,
            id=ids,
            reason=words,
            issue=addresses,
            expires=st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
            place=st.just(""),
        ),
        st.text(st.characters(codec=None), max_size=30),
    ),
    max_size=5,
    unique_by=lambda each: each[0].id,
)


@given(drafts, st.text(st.characters(codec=None)))
@example([(Waiver("ecr.a.b", '"""\n[[waiver]]\n\x7f\\', "http://a", "2026-01-02", ""), "\n")], "")
def test_a_draft_is_read_as_what_was_written(
    written: list[tuple[Waiver, str]], heading: str
) -> None:
    """Reading is the inverse of writing, whatever reasons and remarks hold."""
    text = draft_of(written, heading)
    found = parse_waivers(text, "w.toml")
    assert found.complaints == ()
    assert [(each.id, each.reason, each.issue, each.expires) for each in found.waivers] == [
        (each.id, each.reason, each.issue, each.expires) for each, _ in written
    ]
    lines = text.split("\n")
    for each in found.waivers:
        name, _, line = each.place.partition(":")
        assert (name, lines[int(line) - 1]) == ("w.toml", "[[waiver]]")


def test_a_header_within_a_text_is_none() -> None:
    """A text of several lines that looks like a waiver does not move the lines of others."""
    text = ONE.replace('"moto gives all at once"', '"""\n[[waiver]]\n"""')
    text += ONE.replace("default", "page-size")
    assert [each.place for each in parse_waivers(text, "w").waivers] == ["w:2", "w:10"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"moto gives all at once"', '""', "the reason for ecr.pagination.default is not filled"),
        ("https://github.com/getmoto/moto/issues/1", "", "the issue for .* is not filled in"),
        ("https://github.com/getmoto/moto/issues/1", "soon", "'soon' does not match"),
        ("expires = 2027-01-31\n", "", "'expires' is a required property"),
        ("2027-01-31", '"2027-02-31"', "there is no day 2027-02-31"),
        ("2027-01-31", "2027-01-31T10:00:00Z", "does not match"),
        ('"ecr.pagination.default"', "7", "7 is not of type 'string'"),
        ("reason", "cause", "Additional properties are not allowed"),
    ],
)
def test_what_is_wrong_with_a_waiver_names_its_line(old: str, new: str, complaint: str) -> None:
    """A waiver that is not in order is told with file and line; the others are read."""
    text = ONE.replace("default", "page-size") + ONE.replace(old, new)
    found = parse_waivers(text, "w.toml")
    assert [each.id for each in found.waivers] == ["ecr.pagination.page-size"]
    (told,) = found.complaints
    assert told.startswith("w.toml:8: ")
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(told)


def test_one_id_is_waived_once() -> None:
    """A second waiver of the same id is none."""
    assert parse_waivers(ONE + ONE, "w").complaints == (
        "w:8: ecr.pagination.default is waived in w:2 already",
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[waiver]\n", r"w.toml: .*line 1"),
        ("waiver = 7\n", r"w.toml: \$.waiver: 7 is not of type 'array'"),
        ("waiver = [{}]\n", "not written as a .* table of its own"),
        ("[[waver]]\n", "Additional properties are not allowed"),
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deeply|w.toml"),
    ],
)
def test_what_is_no_waiver_file_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """A file of another form is wrong usage, named with the place where that is known."""
    path = tmp_path / "w.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=complaint) as caught:
        read_waivers(path)
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A file that is not there, or is no text, is wrong usage."""
    path = tmp_path / "w.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"w\.toml"):
        read_waivers(path)


def test_a_file_that_is_not_in_order_is_not_used(tmp_path: Path) -> None:
    """Reading for a run stops at the first complaint, and says how many there are."""
    path = tmp_path / "w.toml"
    path.write_text(ONE.replace("2027-01-31", "7") + ONE.replace("default", "x").replace("ht", ""))
    with pytest.raises(UsageError, match=r"w\.toml:2: .*\(and 1 more\)") as caught:
        read_waivers(path)
    assert caught.value.hint == f"ecr-conformance waivers check {path}"
