"""Replays a recording as `ecr-conformance replay` does, with stock vcrpy to find the answers.

    python suite_on_vcrpy.py RECORDING EXPRESSION REPORT

Every scenario is under a cassette of ours in ``vcr.use_cassette``, and sends its requests with
botocore's own HTTP session, which vcrpy intercepts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import vcr
from botocore.awsrequest import AWSPreparedRequest
from botocore.httpsession import URLLib3Session

import conformance.vcr
from conformance.certify import Certification
from conformance.suite.running.opening import Plan
from conformance.suite.running.scenes import Scenes
from conformance.transport.cassettes.player import NotRecorded
from conformance.transport.cassettes.recording import cassette_path, read_recording
from conformance.transport.clock import ReplayedClock
from conformance.transport.exchange import Response


class Intercepted:
    """What a scenario speaks through: botocore's session, as far as vcrpy lets it through."""

    def __init__(self, began: float) -> None:
        self.clock = ReplayedClock(began)
        self.missed: list[NotRecorded] = []
        self.plays = True
        self._session = URLLib3Session()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give what vcrpy plays."""
        answer = self._session.send(request)
        return Response(answer.status_code, tuple(answer.headers.items()), answer.content)


def main(folder: Path, expression: str, report: Path) -> int:
    """Judge the recording; the exit code of the command."""
    began = read_recording(folder).origin.began
    player = conformance.vcr.register(vcr.VCR(record_mode="none", serializer="json"))

    @contextmanager
    def open_scene(_: Scenes, name: str) -> Iterator[Intercepted]:
        with player.use_cassette(str(cassette_path(folder, name))):
            yield Intercepted(began)

    Scenes.open = open_scene  # type: ignore[method-assign, assignment]
    plan = Plan(str(folder))
    return int(Certification(plan, expression=expression, output=report, exit_zero=True).run())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
