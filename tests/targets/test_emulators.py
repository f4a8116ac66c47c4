"""Emulators are started from their packages, answer, and are gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import venv
from contextlib import ExitStack
from pathlib import Path

import pytest
from botocore.awsrequest import AWSRequest

from conformance.errors import TargetUnavailable, TransportError, UsageError
from conformance.targets import Target, connect, emulator, open_target
from conformance.targets.emulator import Emulator, Place, environment_of
from conformance.targets.installation import find_installation
from conformance.targets.server import Server
from conformance.transport.exchange import Response, parse_json
from conformance.transport.network import NetworkTransport

PACKAGES = Path(__file__).parents[2]


def describe_repositories(target: Target) -> Response:
    """Ask the target for its repositories, as any client would."""
    headers = {
        "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20150921/us-east-1/ecr/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    request = AWSRequest("POST", target.endpoint + "/", headers=headers, data=b"{}")
    with connect(target) as transport:
        return transport(request.prepare())


def answers(endpoint: str) -> bool:
    """Whether there is any HTTP answer at an endpoint."""
    with NetworkTransport(endpoint) as transport:
        try:
            transport(AWSRequest("GET", endpoint).prepare())
        except TransportError:
            return False
    return True


def installed_version(product: str, script: str) -> str:
    """The version of an emulator that these tests need."""
    found = find_installation(product, script)
    assert found, f"README's test command installs {product}"
    return found.version


VERSIONS = {
    "moto": installed_version("moto", "moto_server"),
    "ministack": installed_version("ministack", "ministack"),
}


@pytest.mark.parametrize("product", ["moto", "ministack"])
def test_an_emulator_runs_as_long_as_its_context(product: str) -> None:
    """An emulator answers ECR, says what it is, and is gone afterwards."""
    with open_target(product, region="eu-west-1") as target:
        assert target.name == target.product == product
        assert target.version == VERSIONS[product]
        assert target.region == "eu-west-1"
        assert target.endpoint.startswith("http://127.0.0.1:")
        assert parse_json(describe_repositories(target).body) == {"repositories": []}
    assert not answers(target.endpoint)


@pytest.mark.parametrize("product", ["moto", "ministack"])
def test_two_instances_run_at_once(product: str) -> None:
    """Instances of one emulator do not disturb each other."""
    with ExitStack() as stack:
        first, second = (stack.enter_context(open_target(product)) for _ in range(2))
        assert first.endpoint != second.endpoint
        assert [describe_repositories(t).status for t in (first, second)] == [200, 200]


@pytest.mark.parametrize(
    ("product", "told"), [("moto", None), ("ministack", VERSIONS["ministack"])]
)
def test_a_running_product_is_recognised(product: str, told: str | None) -> None:
    """Of a server that already runs, the product is found out, and the version if it tells."""
    with open_target(product) as started:
        with open_target(started.endpoint + "/") as target:
            assert (target.product, target.version) == (product, told)
            assert target.name == started.endpoint + "/"
            assert target.endpoint == started.endpoint
        assert answers(started.endpoint)


def test_an_emulator_is_stopped_when_the_run_fails() -> None:
    """An exception in the context stops the emulator and goes on."""
    with pytest.raises(KeyboardInterrupt), open_target("moto") as target:
        raise KeyboardInterrupt
    assert not answers(target.endpoint)


def test_an_emulator_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    """A run that is killed outright leaves no emulator behind."""
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(
            """
            import time
            from conformance.targets import open_target

            with open_target("moto") as target:
                print(target.endpoint, flush=True)
                time.sleep(600)
            """
        )
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        endpoint = parent.stdout.readline().strip()
        assert answers(endpoint)
        parent.kill()
    for _ in range(1000):
        if not answers(endpoint):
            return
        time.sleep(0.02)
    pytest.fail("the emulator still answers")


def plain(module: str, *arguments: str, product: str = "moto") -> Emulator:
    """An emulator that is any Python module."""
    return Emulator(product, product, module, "/", (), lambda _: list(arguments), lambda _: {}, str)


def test_a_package_that_is_not_installed_is_wrong_usage() -> None:
    """An emulator that is not installed is told, with the command that installs it."""
    absent = plain("no_such_emulator", product="no-such-emulator")
    with pytest.raises(UsageError) as raised, emulator.run(absent, "x", "us-east-1"):
        pass
    assert raised.value.message == "no-such-emulator is not installed"
    assert raised.value.hint == (
        "pip install 'ecr-conformance[no-such-emulator]', "
        "or install it elsewhere and have no-such-emulator on the PATH"
    )


SERVE = """
import http.server, sys
handler = http.server.BaseHTTPRequestHandler
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
"""


def test_an_emulator_may_have_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not installed beside the tool is run by the interpreter its command belongs to."""
    venv.create(tmp_path / "own", symlinks=True)
    binaries = tmp_path / "own" / "bin"
    (packages,) = (tmp_path / "own").glob("lib/*/site-packages")
    (packages / "elsewhere.py").write_text(SERVE)
    (packages / "elsewhere-2.5.dist-info").mkdir()
    (packages / "elsewhere-2.5.dist-info" / "METADATA").write_text("Name: elsewhere\nVersion: 2.5")
    (binaries / "elsewhere").write_text("#!/bin/sh\n")
    (binaries / "elsewhere").chmod(0o755)
    links = tmp_path / "links"
    links.mkdir()
    (links / "elsewhere").symlink_to(binaries / "elsewhere")
    monkeypatch.setenv("PATH", str(links))
    apart = Emulator(
        "elsewhere",
        "elsewhere",
        "elsewhere",
        "/",
        (),
        lambda place: [str(place.port)],
        lambda _: {},
        str,
    )
    with emulator.run(apart, "x", "us-east-1") as target:
        assert target.version == "2.5"
        assert answers(target.endpoint)


def test_a_command_of_something_else_is_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command of the emulator's name that no interpreter belongs to is not the emulator."""
    (tmp_path / "no-such-emulator").write_text("#!/bin/sh\n")
    (tmp_path / "no-such-emulator").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_installation("no-such-emulator", "no-such-emulator") is None


def test_an_early_death_is_told_with_the_last_output() -> None:
    """An emulator that ends before it answers is reported with what it said last."""
    with (
        pytest.raises(TargetUnavailable) as raised,
        emulator.run(plain("no_such_module"), "x", "us-east-1"),
    ):
        pass
    first, *_, last = raised.value.message.splitlines()
    assert first == "moto ended with exit code 1 before it answered; its last output:"
    assert "No module named no_such_module" in last
    assert "'ecr-conformance[moto]'" in raised.value.hint


def test_a_silent_start_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator that never answers is stopped and reported."""
    start = Server.wait_until_it_answers
    monkeypatch.setattr(Server, "wait_until_it_answers", lambda self, path: start(self, path, 0.2))
    asleep = plain("timeit", "-n1", "-r1", "import time; time.sleep(600)")
    with pytest.raises(TargetUnavailable) as raised, emulator.run(asleep, "x", "us-east-1"):
        pass
    assert raised.value.message == "moto did not answer within 0.2 s, silently"


@pytest.mark.parametrize("product", ["moto", "ministack"])
def test_a_taken_port_is_replaced(product: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another process took the port first, the emulator starts on the next one."""
    free = emulator._free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        ports = iter([taken, taken, free])
        monkeypatch.setattr(emulator, "_free_port", lambda: next(ports))
        with open_target(product) as target:
            assert target.endpoint == f"http://127.0.0.1:{free}"


def test_the_callers_settings_do_not_reach_an_emulator() -> None:
    """Credentials and settings of the emulator stay with the caller; the rest is inherited."""
    place = Place(5000, Path("/own"), "us-east-1")
    caller = {
        "PATH": "/bin",
        "AUTHOR": "me",
        "AUTH": "true",
        "MINI_SETTING": "1",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "PYTHONWARNINGS": "error",
        "TMPDIR": "/tmp",
    }
    mini = Emulator(
        "mini", "mini", "m", "/", ("MINI_", "AUTH"), lambda _: [], lambda p: {"P": str(p.port)}, str
    )
    assert environment_of(mini, place, caller) == {
        "PATH": "/bin",
        "AUTHOR": "me",
        "P": "5000",
        "TMPDIR": "/own",
        "TEMP": "/own",
        "TMP": "/own",
    }


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads Linux's list of sockets")
def test_ministack_listens_on_loopback_only() -> None:
    """MiniStack opens its own port on 127.0.0.1 and no other."""
    with open_target("ministack") as target:
        wanted = int(target.endpoint.rpartition(":")[2])
        assert listening_on(wanted) == {"127.0.0.1"}


def listening_on(port: int) -> set[str]:
    """The IPv4 addresses on which this machine listens at a port."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        address, _, number = local.partition(":")
        if state == "0A" and int(number, 16) == port:
            found.add(".".join(str(part) for part in reversed(bytes.fromhex(address))))
    return found


def test_children_of_an_emulator_are_stopped_too(tmp_path: Path) -> None:
    """Processes that an emulator starts end with it, even those that ignore SIGTERM."""
    note = tmp_path / "pid"
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    code = textwrap.dedent(
        f"""
        import http.server, pathlib, subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", {child!r}])
        pathlib.Path({str(note)!r}).write_text(str(child.pid))
        port = int(sys.argv[1])
        http.server.HTTPServer(
            ("127.0.0.1", port), http.server.BaseHTTPRequestHandler
        ).serve_forever()
        """
    )
    (tmp_path / "parental.py").write_text(code)
    parental = Emulator(
        "moto",
        "moto_server",
        "parental",
        "/",
        (),
        lambda place: [str(place.port)],
        lambda _: {"PYTHONPATH": str(tmp_path)},
        str,
    )
    with emulator.run(parental, "x", "us-east-1"):
        pid = int(note.read_text())
        os.kill(pid, 0)
    assert has_ended(pid)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits to be collected by its parent."""
    for _ in range(500):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return False
