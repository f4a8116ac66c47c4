"""A run spread over gateways of execnet, as it is over hosts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from served import served

from conformance.reference import ReferenceTransport
from conformance.report import Certificate, read_report

CHOSEN = ("--conformance-service", "ecr", "-k", "validation.list-images", "--conformance-seed", "1")


@contextmanager
def host(folder: Path) -> Iterator[str]:
    """execnet's socket server, as another host would run it; gives its gateway's name."""
    listening = [sys.executable, "-u", "-m", "execnet.script.socketserver", "127.0.0.1:0"]
    with subprocess.Popen(
        listening, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            port = next(
                found[1] for line in process.stdout if (found := re.search(r", (\d+)\)", line))
            )
            yield f"socket=127.0.0.1:{port}"
        finally:
            process.terminate()


def judged(folder: Path, endpoint: str, *options: str) -> Certificate:
    """The certificate of a run under plain pytest."""
    suite = (sys.executable, "-m", "pytest", "-q", "--pyargs", "conformance.suite")
    # With a space, xdist would take a folder that is there already for something to test.
    about = ("--conformance-target", endpoint, "--conformance-output=report")
    done = subprocess.run(
        [*suite, *about, *CHOSEN, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return read_report(folder / "report" / "report.json")


def verdicts(certificate: Certificate) -> dict[str, str]:
    """The verdict on each check."""
    return {
        check.id: check.verdict.label for judged in certificate.rules for check in judged.checks
    }


def test_gateways_give_the_verdicts_of_one_process(tmp_path: Path) -> None:
    """A worker of this host and one behind a socket share the work, and find what one finds."""
    with served(ReferenceTransport()) as endpoint:
        alone = judged(tmp_path, endpoint)
        with host(tmp_path) as other:
            spread = ("--dist", "worksteal", "--tx", "popen", "--tx", other)
            assert verdicts(judged(tmp_path, endpoint, *spread)) == verdicts(alone)
