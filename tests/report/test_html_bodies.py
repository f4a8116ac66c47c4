"""Bodies as the page shows them, and fragments as it keeps them."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from samples import texts

from conformance.report.html.abridged import Piece, abridged
from conformance.report.html.packing import packed, unpacked

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def text(pieces: list[Piece]) -> str:
    """The whole text."""
    return "".join(piece.text for piece in pieces)


def marked(pieces: list[Piece]) -> list[str]:
    """What is marked of it, without the white space."""
    return [re.sub(r"\s", "", piece.text) for piece in pieces if piece.marked]


@given(values)
def test_what_is_short_is_shown_whole(value: Any) -> None:
    """A small body reads back as what it was."""
    assert json.loads(text(abridged(json.dumps(value).encode()))) == value


@given(st.binary(max_size=60))
def test_any_bytes(body: bytes) -> None:
    """A body that is not JSON is shown as it is."""
    shown = text(abridged(body))
    try:
        json.loads(body)
    except ValueError:
        assert shown == body.decode("utf-8", "replace")


def test_the_place_of_a_pointer_is_marked() -> None:
    """A member is marked with its name, an item alone, the body as a whole."""
    body = json.dumps({"a": [1, {"b": 2}], "c/d": 3}).encode()
    assert marked(abridged(body, ["/a/1/b"])) == ['"b":2']
    assert marked(abridged(body, ["/a/0"])) == ["1"]
    assert marked(abridged(body, ["/c~1d", "/a"])) == ['"a":[1,{"b":2}]', '"c/d":3']
    assert "".join(marked(abridged(body, [""]))) == '{"a":[1,{"b":2}],"c/d":3}'


def test_what_is_left_out_is_told() -> None:
    """Long texts, many items and great depth are shortened, and each place says so."""
    assert text(abridged(json.dumps("x" * 1000).encode())).endswith('x… 600 more characters"')
    many = text(abridged(json.dumps(list(range(1000, 1030))).encode()))
    assert "1009" in many
    assert "1010" not in many
    assert "… 20 more items" in many
    deep = text(abridged(b"[" * 40 + b"1" + b"]" * 40))
    assert "[… 1 items]" in deep
    long = text(abridged(b"<" * 10_000))
    assert long.endswith("… 4,000 more characters")


def test_a_mark_is_never_left_out() -> None:
    """What offends is shown however late it comes."""
    shown = abridged(json.dumps([{"n": number} for number in range(50)]).encode(), ["/40/n"])
    assert marked(shown) == ['"n":40']
    assert "… 30 more items" in text(shown)
    assert "… 9 more items" in text(shown)


@given(st.dictionaries(texts.filter(str.isascii), st.text(max_size=50), max_size=5))
def test_packing(fragments: dict[str, str]) -> None:
    """Fragments come out of a pack as they went in, and nothing in a pack is markup."""
    word = packed(fragments.items())
    assert unpacked(word) == fragments
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", word)
