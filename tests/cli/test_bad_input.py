"""Whatever is wrong with the input: one clear sentence, the documented exit code, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import hostile_server as hostile
import pytest
from canned import serve
from command import Ended, run

CODES = {3: "target-unavailable", 4: "usage", 5: "nothing-ran"}
"""What the exit codes of bad input are called."""


def assert_one_sentence(ended: Ended, code: int, *words: str) -> None:
    """The command ended with ``code`` and one error line that has all the words."""
    assert ended.code == code, ended
    assert "Traceback" not in ended.err + ended.out
    errors = [line for line in ended.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, ended.err
    assert ended.err.splitlines()[-1] == f"code: {CODES[code]}"
    for word in words:
        assert word in ended.err, ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("certify", "mto"), ("there is no target 'mto'", "moto")),
        (("certify", "http://"), ("http://",)),
        (("certify", "http://127.0.0.1:1/path"), ("path",)),
        (("certify", "moto", "--profile", "paging"), ("no profile 'paging'", "pagination")),
        (("certify", "moto", "--service", "ecs"), ("no service 'ecs'", "ecr-public")),
        (("certify", "moto", "--jobs", "0"), ("--jobs",)),
        (("certify", "moto", "--seed", "x"), ("--seed",)),
        (("certify",), ("TARGET",)),
        (("explain", "ecr.tags.delete-the-last"), ("there is no rule", "ecr.tags.")),
        (("rules", "--profile", "paging"), ("no profile 'paging'", "pagination")),
        (("nonsense",), ("nonsense",)),
    ],
)
def test_wrong_usage_exits_with_4(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """What does not exist or makes no sense is named, with what there is instead."""
    assert_one_sentence(run(*arguments), 4, *words)


def test_nothing_to_run_exits_with_5(tmp_path: Path) -> None:
    """A selection that leaves no rule is no success."""
    ended = run("certify", "moto", "-k", "nosuchrule", "--output", str(tmp_path))
    assert_one_sentence(ended, 5, "no rule matches")


def test_a_broken_expression_exits_with_4(tmp_path: Path) -> None:
    """An expression that pytest cannot read is wrong usage."""
    ended = run("certify", "moto", "-k", "tags and (", "--output", str(tmp_path))
    assert_one_sentence(ended, 4, "tags and (")


def test_a_folder_that_cannot_be_written_exits_with_4(tmp_path: Path) -> None:
    """A report folder that is a file is named."""
    occupied = tmp_path / "file"
    occupied.write_text("")
    assert_one_sentence(run("certify", "moto", "--output", str(occupied)), 4, str(occupied))


def test_nobody_there_exits_with_3(tmp_path: Path) -> None:
    """A port that nobody listens on is named."""
    ended = run("certify", "http://127.0.0.1:1", "--output", str(tmp_path))
    assert_one_sentence(ended, 3, "http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (hostile.never_answers, "did not answer"),
        (hostile.resets, "closed the connection without answering"),
        (hostile.resets_in_the_middle, "closed the connection in the middle"),
        (hostile.closes_at_once, "closed the connection without answering"),
        (hostile.streams_endlessly, "more than"),
        (hostile.streams_chunks_endlessly, "more than"),
        (hostile.answering(b"\0\xff garbage\r\n\r\n"), "not HTTP"),
        (hostile.answering(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"re'), "announced"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_speaks_no_proper_http_exits_with_3(
    tmp_path: Path, behaviour: hostile.Behaviour, words: str
) -> None:
    """A server that is silent, breaks off, never ends or talks nonsense is named with its fault."""
    with hostile.serving(behaviour) as server:
        ended = run("certify", server.url, "--output", str(tmp_path / "report"))
        assert_one_sentence(ended, 3, server.url, words)
    assert not (tmp_path / "report").exists()


def test_html_for_everything_is_judged_and_condemned(tmp_path: Path) -> None:
    """A web server that answers every request with a page is no registry, and has no profile."""
    with serve(lambda *_: (200, b"<html>welcome</html>")) as endpoint:
        ended = run("certify", endpoint, "--output", str(tmp_path), "--service", "ecr")
    assert ended.code == 1, ended
    assert "Not conformant: 0 of" in ended.out
    assert "Left on the target" not in ended.out
    assert "Traceback" not in ended.err + ended.out


def test_an_html_page_for_missing_things_means_unsupported(tmp_path: Path) -> None:
    """A web server that knows nothing implements nothing, and certifies nothing."""
    with serve(lambda *_: (404, b"<h1>Not Found</h1>")) as endpoint:
        ended = run("certify", endpoint, "--output", str(tmp_path), "--service", "ecr")
    assert ended.code == 1, ended
    assert "unsupported" in ended.out
    assert "Traceback" not in ended.err + ended.out


def test_the_environment_takes_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest options of the caller do not reach the run."""
    monkeypatch.setitem(os.environ, "PYTEST_ADDOPTS", "--nonsense")
    ended = run(
        "certify", "moto", "-k", "ecr.authorization", "--output", str(tmp_path), "--exit-zero"
    )
    assert ended.code == 0, ended.err
