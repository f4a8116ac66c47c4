"""The scripts of a report, run for real against moto."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from botocore.credentials import Credentials
from recorder import Recorder

from conformance.report.reproduction import Reproduction, reproduce
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict
from conformance.transport.exchange import Exchange
from conformance.transport.redaction import redact
from conformance.transport.wire import ANOTHER_ACCOUNT, LOCAL_CREDENTIALS

Run = Callable[[str, str], str]

MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "size": 2,
            "digest": f"sha256:{hashlib.sha256(b'{}').hexdigest()}",
        },
        "layers": [],
    },
    indent=3,
)


def scripts(
    exchanges: Sequence[Exchange], message: str = "expected this, got that"
) -> Reproduction:
    """The scripts of a failed check with these exchanges, redacted as in every report."""
    check = Check(
        rule="ecr.images.rule",
        id="ecr.images.rule",
        operations=(),
        verdict=Verdict.FAIL,
        message=message,
        exchanges=tuple(map(redact, exchanges)),
    )
    made = reproduce(check)
    assert made is not None
    return made


def statuses(exchanges: Sequence[Exchange]) -> list[int]:
    """What the target answered."""
    return [exchange.response.status for exchange in exchanges if exchange.response]


def error_codes(exchanges: Sequence[Exchange]) -> list[str]:
    """The codes of the refusals among the answers."""
    answers = [exchange.response for exchange in exchanges if exchange.response]
    refusals = [json.loads(answer.body) for answer in answers if answer.status >= 400]
    return [body["__type"].rpartition("#")[2] for body in refusals]


def boto3_statuses(output: str) -> list[int]:
    """The statuses that the boto3 script printed."""
    return [int(found) for found in re.findall(r"^\w+ (\d{3}) ", output, re.MULTILINE)]


def curl_statuses(output: str) -> list[int]:
    """The statuses that the curl script printed."""
    return [int(found) for found in re.findall(r"^HTTP (\d+)$", output, re.MULTILINE)]


def cli_codes(output: str) -> list[str]:
    """The error codes that the AWS CLI printed."""
    return re.findall(r"An error occurred \((\w+)\)", output)


def assert_repeats(record: Recorder, run: Run, cleanups: int) -> Reproduction:
    """All three scripts get the answers the scenario got, twice in a row, and clean up."""
    made = scripts(record.exchanges)
    expected = statuses(record.exchanges) + [200] * cleanups
    codes = error_codes(record.exchanges)
    assert made.aws is not None
    for _ in range(2):
        output = run("boto3", made.boto3)
        assert boto3_statuses(output) == expected, output
        output = run("curl", made.curl)
        assert curl_statuses(output) == expected, output
        output = run("aws", made.aws)
        assert cli_codes(output) == codes, output
    return made


@pytest.fixture
def repository(record: Recorder) -> str:
    """A repository that the scenario creates; the script deletes what the test deletes here."""
    record("CreateRepository", repositoryName="team/app")
    return "team/app"


def leave(record: Recorder, name: str, credentials: Credentials = LOCAL_CREDENTIALS) -> None:
    """Clean up as the suite does, outside of the check's exchanges."""
    outside = Recorder(record.endpoint)
    outside.credentials = credentials
    outside("DeleteRepository", repositoryName=name, force=True)


def test_invalid_max_results(record: Recorder, repository: str, run_script: Run) -> None:
    """A request that boto3 and the CLI refuse by themselves reaches the target."""
    record("DescribeImages", repositoryName=repository, maxResults=0)
    record("ListImages", repositoryName=repository, maxResults="many")
    leave(record, repository)
    made = assert_repeats(record, run_script, cleanups=1)
    assert '"maxResults": 0' in made.curl


def test_two_regions(record: Recorder, repository: str, run_script: Run) -> None:
    """A request that was signed for another Region is signed for that again."""
    record.region = "eu-west-1"
    record("DescribeRepositories", repositoryNames=[repository])
    record.region = "us-east-1"
    record("DescribeRepositories", repositoryNames=[repository])
    assert statuses(record.exchanges) == [200, 400, 200]
    leave(record, repository)
    assert_repeats(record, run_script, cleanups=1)


def test_two_accounts(reference: str, run_script: Run) -> None:
    """A request of another account is signed by that account again, and its repository deleted."""
    record = Recorder(reference)
    record("CreateRepository", repositoryName="team/app")
    record.credentials = ANOTHER_ACCOUNT
    record("DescribeRepositories", repositoryNames=["team/app"])
    record("CreateRepository", repositoryName="team/app")
    assert statuses(record.exchanges) == [200, 400, 200]
    for credentials in (LOCAL_CREDENTIALS, ANOTHER_ACCOUNT):
        leave(record, "team/app", credentials)
    assert_repeats(record, run_script, cleanups=2)


def test_what_boto3_cannot_send_for_another_account(reference: str, run_script: Run) -> None:
    """A malformed request of another account is signed by that account again."""
    record = Recorder(reference)
    record("ListImages", b'{"registryId": "444455556666", "repositoryName": 1}')
    record("DescribeRegistry", b'{"unknown": 1}')
    record.credentials = ANOTHER_ACCOUNT
    record("DescribeRegistry", b'{"unknown": 1}')
    made = scripts(record.exchanges)
    assert made.boto3.count("other_account)") == 1
    assert run_script("boto3", made.boto3).count('"registryId":"444455556666"') == 1
    assert run_script("curl", made.curl).count('"registryId":"444455556666"') == 1


def test_missing_required_member(record: Recorder, run_script: Run) -> None:
    """A request without a required member repeats the target's HTTP 500."""
    body = record("BatchGetImage", imageIds=[{"imageTag": "a"}])
    record("PutImage", repositoryName="absent")
    assert 500 in statuses(record.exchanges), body
    made = scripts(record.exchanges)
    assert made.aws is not None
    assert boto3_statuses(run_script("boto3", made.boto3)) == statuses(record.exchanges)
    assert curl_statuses(run_script("curl", made.curl)) == statuses(record.exchanges)
    assert run_script("aws", made.aws).count("An error occurred") == len(record.exchanges)


def test_put_image_and_delete_tag(record: Recorder, repository: str, run_script: Run) -> None:
    """A manifest arrives byte for byte; a digest the target made up is taken from its answer."""
    record("PutImage", repositoryName=repository, imageManifest=MANIFEST, imageTag="v1")
    listed = record("ListImages", repositoryName=repository)
    digest = listed["imageIds"][0]["imageDigest"]
    record("BatchDeleteImage", repositoryName=repository, imageIds=[{"imageTag": "v1"}])
    record("BatchGetImage", repositoryName=repository, imageIds=[{"imageDigest": digest}])
    leave(record, repository)
    made = assert_repeats(record, run_script, cleanups=1)
    predictable = digest == f"sha256:{hashlib.sha256(MANIFEST.encode()).hexdigest()}"
    assert (digest in made.boto3) is predictable


def test_layer_upload(record: Recorder, repository: str, run_script: Run) -> None:
    """A layer part of 5 MiB is a short expression, and the upload id is the new upload's."""
    layer = b"layer 1 ".ljust(5 * 1024 * 1024, b"x")
    upload = record("InitiateLayerUpload", repositoryName=repository)["uploadId"]
    record(
        "UploadLayerPart",
        repositoryName=repository,
        uploadId=upload,
        partFirstByte=0,
        partLastByte=len(layer) - 1,
        layerPartBlob=base64.b64encode(layer).decode(),
    )
    digest = f"sha256:{hashlib.sha256(layer).hexdigest()}"
    record("CompleteLayerUpload", repositoryName=repository, uploadId=upload, layerDigests=[digest])
    assert statuses(record.exchanges) == [200] * 4, record.exchanges[-1].response
    leave(record, repository)
    made = assert_repeats(record, run_script, cleanups=1)
    for script in (made.boto3, made.aws, made.curl):
        assert script is not None
        assert upload not in script
        assert len(script) < 10_000


@pytest.mark.parametrize("name", ["a'b\"$(touch x)", "`touch x`", "a\nb", "\x1b[201~;x", "ä\u202e"])
def test_hostile_names(record: Recorder, run_script: Run, name: str) -> None:
    """Values with quotes, substitutions and control characters are sent as they are, never run."""
    record("CreateRepository", repositoryName=name)
    assert statuses(record.exchanges) == [400]
    assert_repeats(record, run_script, cleanups=0)


def test_hostile_message(record: Recorder, run_script: Run) -> None:
    """A message with line breaks stays in its comment."""
    record("DescribeRepositories")
    made = scripts(record.exchanges, "\n\r\u2028touch x\x0btouch x\nEND\n'''\"\"\"\nimport this")
    for kind in ("boto3", "aws", "curl"):
        output = run_script(kind, getattr(made, kind))
        assert "Zen" not in output
        assert "not found" not in output


def test_malformed_body(record: Recorder, run_script: Run) -> None:
    """A body that is not JSON is sent as it is by boto3's own parts; the CLI has no script."""
    record("DescribeRepositories", b'{"repositoryNames": [')
    record("DescribeRepositories", b"\x00\xff@'\"")
    record("DescribeRepositories", b"@/etc/passwd")
    made = scripts(record.exchanges)
    assert made.aws is None
    assert curl_statuses(run_script("curl", made.curl)) == statuses(record.exchanges)
    assert boto3_statuses(run_script("boto3", made.boto3)) == statuses(record.exchanges)


def test_unknown_operation_and_members(record: Recorder, run_script: Run) -> None:
    """What boto3 has no name for is sent nevertheless."""
    record("DescribeNothing")
    record("DescribeRepositories", noSuchMember=True)
    made = scripts(record.exchanges)
    assert made.aws is None
    assert curl_statuses(run_script("curl", made.curl)) == statuses(record.exchanges)
    assert boto3_statuses(run_script("boto3", made.boto3)) == statuses(record.exchanges)


def test_pasting_into_the_interpreter(record: Recorder, repository: str, tmp_path: Any) -> None:
    """The Python program also runs line by line in the interactive interpreter."""
    record("DescribeImages", repositoryName=repository)
    record("DescribeImages", b"[]")
    leave(record, repository)
    made = scripts(record.exchanges)
    done = subprocess.run(
        [sys.executable, "-i", "-q"],
        input=made.boto3,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Error" not in done.stderr, done.stderr
    assert boto3_statuses(done.stdout) == [*statuses(record.exchanges), 200]
