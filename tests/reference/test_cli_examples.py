"""The reference answers as the examples in the AWS CLI's documentation show that AWS does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from awscli.clidriver import create_clidriver
from cli_examples import Example, examples
from example_worlds import seconds, world_of

from conformance.reference import ReferenceTransport
from conformance.reference.state import RegistryKey
from conformance.transport.boto import answering

LEFT_OUT = {
    "ecr/batch-delete-image-2": "the repository's name has capitals",
    "ecr/batch-get-image-2": "one answer names two registries",
    "ecr/complete-layer-upload-1": "the digest it completes with is none, and not the one printed",
    "ecr/describe-image-scan-findings-1": "scans of the reference find nothing",
    "ecr/get-login-1": "it calls no operation of its own",
    "ecr/get-login-2": "it calls no operation of its own",
    "ecr/get-login-password-1": "it calls no operation of its own",
    "ecr/get-login-password-2": "it calls no operation of its own",
    "ecr/put-image-tag-mutability-1": "it asks for one repository and prints another",
    "ecr-public/delete-repository-policy-1": "what it prints is no JSON: the policy's quotes",
    "ecr-public/describe-images-2": "it prints text",
    "ecr-public/describe-images-3": "it prints text",
    "ecr-public/describe-repository-2": "it prints a table",
    "ecr-public/get-authorization-token-2": "it prints text",
    "ecr-public/get-login-password-1": "it calls no operation of its own",
    "ecr-public/get-login-password-2": "it calls no operation of its own",
    "ecr-public/set-repository-policy-2": "it gives two users and prints two others",
}
"""Examples that say nothing about an operation, or contradict themselves."""

EXAMPLES = [
    each
    for service in ("ecr", "ecr-public")
    for each in examples(service)
    if each.label not in LEFT_OUT
]

VARIES = {
    "authorizationToken": r"[A-Za-z0-9+/]+=*",
    "expiresAt": r"[\d.]+",
    "downloadUrl": r"http\S+",
    "imageScanCompletedAt": r"[\d.]+",
    "lastEvaluatedAt": r"[\d.]+",
    "logoUrl": r"http\S+\.png",
    "name": r"[a-z0-9]+",
    "registryUri": r"public\.ecr\.aws/[a-z0-9]+",
    "repositoryUri": r"\S+\.amazonaws\.com/\S+|public\.ecr\.aws/\w+/\S+",
    "uploadId": r"[0-9a-f-]{36}",
    "vulnerabilitySourceUpdatedAt": r"[\d.]+",
}
"""Members whose values are not the same twice, and what they look like."""

LATER = {
    "artifactMediaType",
    "createdAt",
    "encryptionConfiguration",
    "imageManifestMediaType",
    "imageScanningConfiguration",
    "imageStatus",
    "imageTagMutability",
    "repositoryUri",
}
"""Members that AWS answers with since, or leaves out of an example for brevity."""

FILES_AS_PRINTED = {
    "ecr/put-image-1": ("image", "imageManifest"),
    "ecr/start-lifecycle-policy-preview-1": ("lifecyclePolicyText",),
}
"""Where the answer has a file's text, which the page shows with other blanks."""

_TIMES = {"createdAt", "imagePushedAt"}
_ACCOUNT = re.compile(r"\b\d{12}\b")
_REGION = re.compile(r"\b[a-z]{2}-[a-z]+-\d\b")


def run(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run an example's command, as its account and in its region, in a folder with its files."""
    text = json.dumps([example.command, example.printed])
    account = next(iter(_ACCOUNT.findall(text)), "123456789012")
    region = next(iter(_REGION.findall(text)), "us-east-1")
    variables = {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    for name, content in example.files.items():
        (tmp_path / name).write_text(_as_printed(example) or content)
    public = example.service == "ecr-public"
    key = RegistryKey(example.service, account, "" if public else region)
    reference = ReferenceTransport(world={key: world_of(example)}, clock=lambda: _now(example))
    driver = create_clidriver()
    driver.session.register("before-send", answering(reference))
    command = [_here(word, tmp_path) for word in example.command]
    assert driver.main([*command, "--output", "json"]) == 0


def _as_printed(example: Example) -> str:
    found: Any = example.printed if example.label in FILES_AS_PRINTED else ""
    for member in FILES_AS_PRINTED.get(example.label, ()):
        found = found[member]
    return str(found)


def _now(example: Example) -> float:
    """When a repository that is printed was made, or else some time."""
    repository = (example.printed or {}).get("repository", {})
    return seconds(repository.get("createdAt", 1_700_000_000))


def _here(word: str, folder: Path) -> str:
    """A word of a command; the file of a layer is made here."""
    if not word.startswith("file:///"):
        return word
    (folder / "layer").write_bytes(b"x" * 8_323_315)
    return f"file://{folder}/layer"


def differences(shown: Any, answered: Any, place: str = "") -> list[str]:
    """Where an answer is not what an example shows."""
    member = place.rpartition("/")[2]
    if isinstance(shown, dict) and isinstance(answered, dict):
        missing = [f"{place}/{name} is missing" for name in shown if name not in answered]
        more = [f"{place}/{name} is not shown" for name in answered.keys() - shown - LATER]
        both = [name for name in shown if name in answered]
        inner = [differences(shown[name], answered[name], f"{place}/{name}") for name in both]
        return [*missing, *more, *(each for found in inner for each in found)]
    if isinstance(shown, list) and isinstance(answered, list) and len(shown) == len(answered):
        pairs = zip(sorted(shown, key=_order), sorted(answered, key=_order), strict=True)
        return [each for pair in pairs for each in differences(*pair, place)]
    if member in VARIES:
        return [] if re.fullmatch(VARIES[member], str(answered)) else [f"{place} is {answered!r}"]
    if member in _TIMES:
        shown, answered = seconds(shown), seconds(answered)
    return [] if shown == answered else [f"{place} is {answered!r}, the example has {shown!r}"]


def _order(element: Any) -> str:
    return json.dumps(element, sort_keys=True)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.label)
def test_an_example_is_answered_as_aws_answers_it(
    example: Example,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The AWS CLI, run as its documentation shows, prints what the documentation shows."""
    run(example, tmp_path, monkeypatch)
    printed = capsys.readouterr().out
    assert differences(example.printed, json.loads(printed or "{}")) == []


def test_examples_that_are_left_out_are_there() -> None:
    """No example is left out that has gone from the documentation."""
    there = {each.label for service in ("ecr", "ecr-public") for each in examples(service)}
    assert there >= set(LEFT_OUT)
