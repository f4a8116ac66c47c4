"""How long a page of 1,000 images takes to judge: schema and presence, beside jsonschema.

jsonschema gets the same schema of DescribeImages, with what the presence overlay demands of every
image as ``required``. Both judge the same parsed answer, compiled beforehand. What counts is CPU
time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from comparison import Row, cheaper, in_turns
from jsonschema import Draft202012Validator

from conformance.contract import judge_output, load_contract, load_presence, wire_schema

IMAGE = {
    "registryId": "123456789012",
    "repositoryName": "team/app",
    "imageTags": ["latest", "1.2.3"],
    "imageSizeInBytes": 48_318_104,
    "imagePushedAt": 1767225600.0,
    "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
    "artifactMediaType": "application/vnd.oci.image.config.v1+json",
    "lastRecordedPullTime": 1767225600.0,
    "imageStatus": "ACTIVE",
}


def page(count: int) -> dict[str, Any]:
    """An answer of so many images."""
    digests = (f"sha256:{number:064x}" for number in range(count))
    return {"imageDetails": [{**IMAGE, "imageDigest": digest} for digest in digests]}


def with_presence(schema: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The schema, requiring of each image what an image without anything would be told to lack."""
    presence = load_presence("ecr", load_contract("ecr").api_version)
    bare = {name: value for name, value in IMAGE.items() if name == "imageTags"}
    absent = presence.missing("ImageDetail", bare, body)
    required = [each.member for each in absent if each.level == "must"]
    detail = {**schema["$defs"]["ImageDetail"], "required": required}
    return {**schema, "$defs": {**schema["$defs"], "ImageDetail": detail}}


def milliseconds(judge: Callable[[Any], list[Any]], body: Any, times: int) -> float:
    """The CPU time of judging a body, which has to be found right."""
    began = time.process_time()
    for _ in range(times):
        assert not judge(body)
    return (time.process_time() - began) / times * 1e3


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """One page, judged by each."""
    rounds, count = (1, 10) if small else (9, 1000)
    contract, body = load_contract("ecr"), page(count)
    shape = contract.operation("DescribeImages").output
    schema = with_presence(wire_schema(contract, shape, direction="output"), body)
    validator = Draft202012Validator(schema)
    judge = partial(judge_output, contract, "DescribeImages")
    judge(body)
    found = in_turns(
        rounds,
        ours=partial(milliseconds, judge, body, 20),
        theirs=partial(milliseconds, lambda each: list(validator.iter_errors(each)), body, 1),
    )
    work = f"a page of {count:,} images judged"
    yield cheaper(work, "jsonschema", 50, **found, unit="CPU ms")
