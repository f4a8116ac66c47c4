"""A file that is no cassette is one clear error, at once, and nothing in it is obeyed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from in_process import run
from traffic import ORIGIN, recorded_calls, write

from conformance.transport.cassettes import parsing
from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.cassettes.recording import MANIFEST

NINE = ", ".join(["*a{0}"] * 9)
LAUGHS = "\n".join(
    ["a0: &a0 [lol]", *(f"a{n}: &a{n} [{NINE.format(n - 1)}]" for n in range(1, 30))]
)
MERGES = "\n".join(
    ["a0: &a0 {k: v}", *(f"a{n}: &a{n} {{<<: [{NINE.format(n - 1)}]}}" for n in range(1, 30))]
)
EXCHANGE = """
version: 1
interactions:
- request: {{method: {method}, uri: {uri}, body: {body}, headers: {headers}}}
  response: {{status: {{code: 200, message: OK}}, headers: {{}}, body: {{string: ''}}}}
"""


def yaml_with(**parts: str) -> str:
    """A cassette in YAML, one part of which is another than usual."""
    usual = {"method": "POST", "uri": "http://a/", "body": "''", "headers": "{}"}
    return EXCHANGE.format(**{**usual, **parts})


def interaction(**changed: object) -> str:
    """A cassette in JSON with one interaction that is changed at the top."""
    (first, *_) = recorded_calls()[1]
    return json.dumps({"version": 1, "interactions": [{**first.to_json(), **changed}]})


YAML = {
    "python objects": ("!!python/object/apply:os.system ['touch pwned']", "plain YAML"),
    "python names": ("x: !!python/name:os.system", "plain YAML"),
    "python modules": ("!!python/module:os", "plain YAML"),
    "any tag": ("!execute me", "plain YAML"),
    "laughs": (f"version: 1\ninteractions: *a29\n{LAUGHS}", "plain YAML"),
    "laughs as version": (f"{LAUGHS}\nversion: *a29\ninteractions: []", "another form"),
    "laughs as method": (LAUGHS + yaml_with(method="*a29"), "method is list"),
    "laughs as headers": (LAUGHS + yaml_with(headers="{x: *a29}"), "a header field is list"),
    "laughs as body": (LAUGHS + yaml_with(body="*a29"), "a body is list"),
    "laughs as a block": (LAUGHS + "\nversion: 1\ninteractions: []\nrecorded: *a29", "recorded"),
    "merges": (f"{MERGES}\nversion: 1\ninteractions: *a29", "merges"),
    "depth": ("[" * 300_000, "nest"),  # a newer libyaml refuses it in words of its own
    "depth of blocks": ("- " * 300_000, "nested too deeply"),
    "cut off": (yaml_with(body="'")[:-20], "plain YAML"),
    "control characters": ("a: \x00", "plain YAML"),
    "no UTF-8": (b"\xff\xfe\xff", "plain YAML"),
    "a number": ("7", "no list of interactions"),
    "nothing": ("", "no list of interactions"),
    "two documents": ("a: 1\n---\nb: 2\n", "plain YAML"),
    "an endless number": (yaml_with(body=".inf"), "a body is float"),
    "a cycle": ("&a [*a]", "no list of interactions"),
}
JSON = {
    "cut off": (interaction()[:-40], "not JSON"),
    "depth": ("[" * 300_000, "nested too deeply"),
    "depth of interactions": (
        '{"version": 1, "interactions": ' + "[" * 300_000 + "]" * 300_000 + "}",
        "nested too deeply",
    ),
    "no UTF-8": (b'{"version": "\xff"}', "not JSON"),
    "a huge number": (f'{{"version": {"9" * 10_000}, "interactions": []}}', "not JSON"),
    "another version": ('{"version": 7, "interactions": []}', "version 7, not 1"),
    "a list": ("[1]", "no list of interactions"),
    "a text": ('"interactions"', "no list of interactions"),
    "interactions of another type": ('{"version": 1, "interactions": {}}', "no list"),
    "an interaction of another type": ('{"version": 1, "interactions": [7]}', "interactions[0]"),
    "no request": (interaction(request={}), "interactions[0]: 'method' is missing"),
    "a null response": (interaction(response=None), "interactions[0]"),
    "a text as status": (
        interaction(response={"status": {"code": "200"}, "headers": {}, "body": {"string": ""}}),
        "status code",
    ),
    "headers of another type": (
        interaction(response={"status": {"code": 200}, "headers": [], "body": {"string": ""}}),
        "interactions[0]",
    ),
    "a time that is none": (interaction(at=float("nan")), "seconds"),
    "an endless time": (interaction(took=float("inf")), "seconds"),
    "a time before the beginning": (interaction(at=-1), "seconds"),
    "a failure of another type": (interaction(failure=["no"]), "failure is list"),
    "a block of another type": ('{"version": 1, "interactions": [], "recorded": 7}', "recorded"),
    "a block without an origin": (
        '{"version": 1, "interactions": [], "recorded": {"scenario": "x"}}',
        "recorded: 'target' is missing",
    ),
    "a block imported from nowhere": (
        '{"version": 1, "interactions": [], "recorded": {"scenario": null, "imported": '
        '{"format": "x", "source": "y", "tool": "z"}}}',
        "none of the formats",
    ),
    **{
        f"a block with {name} {value!r}": (
            json.dumps(
                {
                    "version": 1,
                    "interactions": [],
                    "recorded": {**ORIGIN.to_json(), "scenario": "x", name: value},
                }
            ),
            words,
        )
        for name, value, words in (
            ("time", "0001-01-01T00:00:00+14:00", "no time"),
            ("time", "0001-01-01T00:00:00Z", "no time"),
            ("time", "2026-13-01T00:00:00Z", "month"),
            ("seed", -1, "32 bits"),
            ("seed", True, "seed is bool"),
            ("product", ["x"], "product is list"),
        )
    },
    "a block with a time that is none": (
        json.dumps(
            {
                "version": 1,
                "interactions": [],
                "recorded": {**ORIGIN.to_json(), "scenario": "x", "time": "yesterday"},
            }
        ),
        "yesterday",
    ),
}
FILES = [
    *(pytest.param("x.yaml", *case, id=f"YAML: {name}") for name, case in YAML.items()),
    *(pytest.param("x.json", *case, id=f"JSON: {name}") for name, case in JSON.items()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), FILES)
def test_a_file_that_is_no_cassette_is_one_clear_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str | bytes,
    words: str,
) -> None:
    """The file is named and what is wrong with it, within seconds; the exit code is 4."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    began = time.monotonic()
    code, out, err = run("cassettes", "inspect", str(path))
    assert (code, out) == (4, "")
    assert time.monotonic() - began < 10
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert str(path) in errors[0]
    assert words in errors[0]
    assert len(err) < 2000
    assert sorted(tmp_path.iterdir()) == [path]


def test_what_a_terminal_would_obey_is_shown(tmp_path: Path) -> None:
    """Escape sequences and what is no character stand as escapes, whichever text they are in."""
    odd = "\x1b[31m\ud800\n"
    (first, *_) = recorded_calls()[1]
    written = first.to_json()
    written["request"]["headers"]["X-Amz-Target"] = [f"x.{odd}"]
    origin = {**ORIGIN.to_json(), "product": odd, "region": odd}
    block = {**origin, "scenario": odd}
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"version": 1, "recorded": block, "interactions": [written]}))
    for command in ("inspect", "verify"):
        _, out, err = run("cassettes", command, str(tmp_path))
        assert err == ""
        assert out
        assert "\x1b" not in out
        assert out.isprintable() or set(filter(lambda c: not c.isprintable(), out)) == {"\n"}
    code, out, _ = run("cassettes", "inspect", str(path), "--format", "json")
    assert (code, json.loads(out)["cassettes"][0]["scenario"]) == (0, odd)
    assert run("cassettes", "diff", str(path), str(path))[0] == 0


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_every_command_refuses_a_broken_cassette(tmp_path: Path, command: str) -> None:
    """A folder with one broken cassette is not half a folder."""
    write(tmp_path / "right.json", *recorded_calls()[1])
    (tmp_path / "wrong.json").write_text("{")
    code, _, err = run("cassettes", command, str(tmp_path))
    assert code == 4
    assert "wrong.json is not JSON" in err


def test_broken_cassettes_are_neither_compared_nor_imported(tmp_path: Path) -> None:
    """What `diff` and `import` take is read with the same care."""
    right, wrong = write(tmp_path / "right.json", *recorded_calls()[1]), tmp_path / "wrong.yaml"
    wrong.write_text("!!python/object/apply:os.system ['true']")
    code, _, err = run("cassettes", "diff", str(right), str(wrong))
    assert code == 4
    assert "wrong.yaml is not plain YAML" in err
    code, _, err = run("cassettes", "import", str(wrong), "--output", str(tmp_path / "out"))
    assert code == 4
    assert "wrong.yaml is not plain YAML" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "no manifest"),
        ('{"format": "ecr-conformance-recording/1"}', "'origin' is a required property"),
        (
            json.dumps(
                {
                    "format": "ecr-conformance-recording/1",
                    "origin": {**ORIGIN.to_json(), "seed": "x"},
                    "target": {},
                    "exploration": {},
                }
            ),
            "$.",
        ),
    ],
)
def test_a_broken_manifest_is_one_clear_error(tmp_path: Path, manifest: str, words: str) -> None:
    """`verify` and `replay` name the manifest and what is wrong with it."""
    write(tmp_path / "ecr" / "sample.json", *recorded_calls()[1])
    (tmp_path / MANIFEST).write_text(manifest)
    for arguments in (
        ("cassettes", "verify", str(tmp_path)),
        ("replay", str(tmp_path), "--output", str(tmp_path / "report")),
    ):
        code, _, err = run(*arguments)
        assert code == 4, err
        assert MANIFEST in err
        assert words in err


@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_a_huge_file_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Files beyond what a recording may have are refused by their size."""
    monkeypatch.setattr(parsing, "_LARGEST_JSON", 1 << 20)
    monkeypatch.setattr(parsing, "_LARGEST_YAML", 1 << 20)
    path = tmp_path / name
    path.write_bytes(b" " * ((1 << 20) + 1))
    code, _, err = run("cassettes", "inspect", str(path))
    assert code == 4
    assert "has more than 1 MiB" in err


def test_a_cassette_in_yaml_with_anchors_is_read(tmp_path: Path) -> None:
    """References that a YAML library makes for what it meets twice are no attack."""
    path = tmp_path / "x.yaml"
    path.write_text("h: &h {x: [y]}\n" + yaml_with(headers="*h"))
    (found,) = read_cassette(path).interactions
    assert found.request.headers == (("x", "y"),)
