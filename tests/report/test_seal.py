"""Seals: an edit of a document is noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import certificate, rule, sealed, texts

from conformance.file_schemas import MalformedFile
from conformance.report import read_report, write_report
from conformance.report.seal import is_unbroken, sealed_text
from conformance.suite.verdicts import Verdict

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(texts.filter(lambda name: name != "seal"), values, max_size=4)


@given(documents)
def test_a_seal_survives_being_written_and_read(document: dict[str, Any]) -> None:
    """What was sealed is unbroken, whatever its members' order, and says what it said before."""
    parsed = sealed(document)
    assert parsed == {**document, "seal": parsed["seal"]}
    assert is_unbroken(parsed)
    assert is_unbroken(dict(reversed(parsed.items())))


@given(documents, st.lists(values, max_size=3))
def test_items_that_are_made_one_by_one_are_a_list(
    document: dict[str, Any], items: list[Any]
) -> None:
    """The text of a document is the same whether a list is there at once or an item at a time."""
    streamed = sealed_text({**document, "items": iter(items)})
    assert "".join(streamed) == "".join(sealed_text({**document, "items": items}))


def test_each_rule_has_a_line(tmp_path: Path) -> None:
    """Two reports are compared by lines: one for each member, one for each rule."""
    rules = [rule("tags.a"), rule("tags.b")]
    write_report(certificate(*((each, Verdict.PASS) for each in rules)), tmp_path)
    lines = (tmp_path / "report.json").read_text().splitlines()
    at = lines.index(' "rules": [')
    assert [json.loads(line.strip(","))["id"] for line in lines[at + 1 : at + 3]] == [
        each.id for each in rules
    ]
    assert lines[at + 3] == " ],"


@given(documents, documents)
def test_another_content_breaks_the_seal(document: dict[str, Any], other: dict[str, Any]) -> None:
    """The seal of one document is none of another that says something else."""
    seal = sealed(document)["seal"]
    same = json.dumps(document, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert is_unbroken({**other, "seal": seal}) == same


@pytest.mark.parametrize("seal", [{}, {"seal": ""}, {"seal": None}])
def test_without_a_seal_nothing_is_sealed(seal: dict[str, Any]) -> None:
    """A document whose seal was taken away is no sealed one."""
    assert not is_unbroken({"a": 1, **seal})


def test_an_edited_report_is_not_read(tmp_path: Path) -> None:
    """A report whose verdict was changed by hand is refused wherever it is read."""
    write_report(certificate((rule("tags.a"), Verdict.FAIL)), tmp_path)
    path = tmp_path / "report.json"
    assert read_report(path).rules[0].verdict is Verdict.FAIL
    path.write_text(path.read_text().replace('"verdict":"fail"', '"verdict":"pass"'))
    with pytest.raises(MalformedFile, match="its seal is broken"):
        read_report(path)
