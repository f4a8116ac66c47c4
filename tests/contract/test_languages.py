"""Texts made from the contract's patterns fit them, whatever is chosen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.contract import SERVICES, load_contract
from conformance.contract.generators.automata import ALPHABET
from conformance.contract.generators.patterns import language

PATTERNS = sorted(
    {
        shape.pattern
        for service in SERVICES
        for shape in load_contract(service).shapes.values()
        if shape.pattern is not None
    }
)
SLOW = r"^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$"
"""Python's own engine takes exponential time for texts that do not fit this one."""


def fits(pattern: str, text: str) -> bool:
    """Whether Python's own engine says that a text fits a whole pattern."""
    return re.fullmatch(pattern, text, re.ASCII) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=50, deadline=None, derandomize=True)
@given(data=st.data())
def test_texts_of_every_length_fit(pattern: str, data: st.DataObject) -> None:
    """A text of any length that the pattern has fits it and has that length."""
    texts = language(pattern)
    length = data.draw(st.sampled_from(list(texts.lengths(0, 80))))
    text = texts.text(length, data.draw(st.binary(max_size=40)))
    assert fits(pattern, text)
    assert len(text) == length
    assert text in texts


@pytest.mark.parametrize("pattern", [each for each in PATTERNS if each != SLOW])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(data=st.data())
def test_both_engines_say_the_same(pattern: str, data: st.DataObject) -> None:
    """A text that is near to one that fits, or made up, fits here if it fits Python's engine."""
    texts = language(pattern)
    length = data.draw(st.sampled_from(list(texts.lengths(0, 60))))
    text = texts.text(length, data.draw(st.binary(max_size=20)))
    place = data.draw(st.integers(0, len(text)))
    inserted = data.draw(st.text(ALPHABET, max_size=2))
    edited = text[:place] + inserted + text[place + data.draw(st.integers(0, 1)) :]
    assert (edited in texts) == fits(pattern, edited)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_covering_texts_fit_and_differ(pattern: str) -> None:
    """The texts that cover a pattern fit it, are not too long, and no two are the same."""
    texts = list(language(pattern).cover(0, 256))
    assert texts
    assert len(set(texts)) == len(texts)
    assert all(fits(pattern, text) and 0 < len(text) <= 256 for text in texts)


def test_the_covering_texts_take_every_branch() -> None:
    """Between them, the texts that cover a pattern have every separator and kind of character."""
    covering = " ".join(language(r"[a-z0-9]+((\.|_|__|-+)[A-Z]+)*x?").cover(1, 64))
    for part in ("a", "0", ".", "__", "--", "A", "x"):
        assert part in covering
    assert re.search(r"[^_]_[^_]", covering)


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [
        ("[0-9]{12}", [12]),
        ("a{2,4}", [2, 3, 4]),
        ("(ab)*", [0, 2, 4, 6, 8, 10, 12]),
        ("^$|ab", [0, 2]),
        ("a(b|cd)?", [1, 2, 3]),
        (r"[^\w\s]|\D\d", [1, 2]),
        (".", [1]),
        ("[^a]b{2,3}?", [3, 4]),
    ],
)
def test_lengths_are_those_a_pattern_has(pattern: str, lengths: list[int]) -> None:
    """The lengths of a pattern's texts are known exactly."""
    assert list(language(pattern).lengths(0, 12)) == lengths


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [("a{2,4}", []), ("(ab)*", [1000, 1002]), ("a{2}b*", [1000, 1001, 1002])],
)
def test_lengths_are_known_far_beyond_the_shortest(pattern: str, lengths: list[int]) -> None:
    """Where lengths end, come in steps or go on, they do so at any distance."""
    assert list(language(pattern).lengths(1000, 1002)) == lengths


def test_a_length_that_no_text_has_is_refused() -> None:
    """Asking for a text of an impossible length is an error, not a text that does not fit."""
    with pytest.raises(ValueError, match="no text of 3 characters"):
        language("[0-9]{12}").text(3)


@pytest.mark.parametrize(("pattern", "kind"), [("a(?=b)", "ASSERT"), (r"a\b", "AT_BOUNDARY")])
def test_a_pattern_of_an_unknown_kind_is_refused(pattern: str, kind: str) -> None:
    """A pattern that looks ahead, or at words, is an error that names what is not understood."""
    with pytest.raises(ValueError, match=kind):
        language(pattern)


def test_zeros_choose_the_simplest_text() -> None:
    """Without choices, or with zeros, a text is as plain as the pattern allows."""
    name = language(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*")
    assert name.text(5) == name.text(5, bytes(5)) == "aaaaa"


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [("ab-c", 7, "ab-caaa"), ("ab-c", 2, "ab"), ("ab-c", 3, "aaa"), ("AB", 3, "aaa")],
)
def test_a_text_is_extended_or_shortened_where_it_can(
    text: str, length: int, expected: str
) -> None:
    """A text of another length begins as it did, where any such text fits."""
    assert language("[a-z]+(-[a-z]+)*").extended(text, length) == expected
