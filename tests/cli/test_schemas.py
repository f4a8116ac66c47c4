"""The command ``schemas``: the contract lock built, checked and compared."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest
from command import run

from conformance.contract import load_contract, schemas_folder

DATA = Path(botocore.__file__).parent / "data"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """ECR's service model in a folder of its own, unpacked, with one bound moved."""
    packed = DATA / "ecr" / "2015-09-21" / "service-2.json.gz"
    parsed = json.loads(gzip.decompress(packed.read_bytes()))
    parsed["shapes"]["MaxResults"]["max"] = 500
    path = tmp_path / "service-2.json"
    path.write_text(json.dumps(parsed))
    for name in ("paginators-1.json", "waiters-2.json"):
        (tmp_path / name).write_bytes((packed.parent / name).read_bytes())
    return path


def test_the_lock_agrees_with_botocore() -> None:
    """The committed lock says what the installed botocore says, so its check exits with 0."""
    ended = run("schemas", "check")
    assert (ended.code, ended.err) == (0, ""), ended
    assert "the lock (botocore 1.44.5) agrees with botocore" in ended.out


def test_building_gives_the_committed_files(tmp_path: Path) -> None:
    """What the build writes is what is committed, byte by byte, and what is gone is deleted."""
    stranger = tmp_path / "ecr" / "2015-09-21" / "operations" / "PutSong" / "input.json"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("{}")
    ended = run("schemas", "build", "--output", str(tmp_path))
    assert ended.code == 0, ended
    written = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*.json")}
    locked = {path for path in written if path.name != "model.json"}
    assert locked == {
        path.relative_to(schemas_folder())
        for path in schemas_folder().glob("*/*/operations/*/*.json")
    }
    for name in locked:
        assert written[name].read_bytes() == (schemas_folder() / name).read_bytes()


def test_a_difference_names_the_change_and_the_rules(model: Path) -> None:
    """A bound that moved is told with the operations and the rules that it touches."""
    ended = run("schemas", "diff", "lock", str(model))
    assert (ended.code, ended.err) == (1, ""), ended
    assert f"ecr: {load_contract('ecr').source} -> {model}: 1 changes" in ended.out
    assert "tightened  MaxResults: maximum 1000 -> 500" in ended.out
    assert "\n    ecr.pagination." in ended.out


def test_no_difference_exits_with_0(model: Path) -> None:
    """A model and its folder are the same."""
    ended = run("schemas", "diff", str(model), str(model.parent))
    assert ended.code == 0, ended
    assert "no changes" in ended.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot read"),
        ("[]", "is no service model"),
        ("{}", "holds no service model"),
        ('{"metadata": {"signingName": "ecr"}}', "is no service model as botocore ships them"),
    ],
)
def test_what_is_no_model_is_wrong_usage(tmp_path: Path, content: str, words: str) -> None:
    """A file that is no service model of ECR is named, and the command exits with 4."""
    path = tmp_path / "service-2.json"
    path.write_text(content)
    ended = run("schemas", "diff", str(path), "lock")
    assert ended.code == 4
    assert words in ended.err
    assert str(path) in ended.err


def test_an_unknown_source_is_wrong_usage() -> None:
    """What is neither a version nor a path is named, with what may be named."""
    ended = run("schemas", "diff", "lock", "nonesuch")
    assert ended.code == 4
    assert "'nonesuch' is neither a botocore version nor" in ended.err
    assert "1.44.5" in ended.err


def test_models_of_different_services_are_not_compared() -> None:
    """Two sources without a service in common are wrong usage."""
    ended = run("schemas", "diff", str(DATA / "ecr"), str(DATA / "ecr-public"))
    assert ended.code == 4
    assert "is about ecr," in ended.err
