"""The command ``ecr-conformance``: thin, one function a command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from conformance import __version__
from conformance.errors import ConformanceError, ExitCode
from conformance.suite.exploration import DEFAULT, Exploration

_Command = TypeVar("_Command", bound=Callable[..., Any])
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="ecr-conformance")
def cli() -> None:
    """The independent referee for Amazon ECR and Amazon ECR Public."""


def _selection(command: _Command) -> _Command:
    """The options that choose rules, the same for every command that has them."""
    for option in (
        click.option("--service", "services", multiple=True, metavar="SERVICE",
                     help="ecr or ecr-public; may be repeated (both)."),
        click.option("--profile", "profiles", multiple=True, metavar="PROFILE",
                     help="Only this profile, e.g. pagination; may be repeated (all)."),
    ):  # fmt: skip
        command = option(command)
    return command


def _judging(command: _Command) -> _Command:
    """The options of every command that judges."""
    for option in (
        click.option("--exit-zero", is_flag=True,
                     help="Exit 0 for every completed run, whatever its verdict."),
        click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
                     metavar="N", help="Worker processes."),
        click.option("--output", type=click.Path(path_type=Path),
                     default=Path("conformance-report"), show_default=True, metavar="DIR",
                     help="Folder for the report files."),
        click.option("-k", "expression", default="", metavar="EXPRESSION",
                     help="Only rules whose id matches, as pytest's -k."),
    ):  # fmt: skip
        command = option(command)
    return _selection(command)


def _asking(command: _Command) -> _Command:
    """The options of every command that asks a target, and so decides what to ask."""
    seed = click.IntRange(0, 2**32 - 1)
    for option in (
        click.option("--program-seed", type=seed, default=DEFAULT.seed, show_default=True,
                     metavar="N", help="Which programs it tries: the same for the same seed."),
        click.option("--budget", type=click.IntRange(1, 100_000), default=DEFAULT.budget,
                     show_default=True, metavar="N", help="How many programs it tries."),
        click.option("--depth", type=click.IntRange(1, 1000), default=DEFAULT.depth,
                     show_default=True, metavar="N",
                     help="Steps of each program that the stateful rule tries."),
        click.option("--region", default="us-east-1", show_default=True,
                     help="Region to sign for."),
    ):  # fmt: skip
        command = option(command)
    return command


@cli.command()
@click.argument("target")
@_judging
@_asking
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help="Repeat the run that had this seed (a new one each time).",
)
def certify(
    target: str,
    services: tuple[str, ...],
    profiles: tuple[str, ...],
    expression: str,
    region: str,
    output: Path,
    seed: int | None,
    depth: int,
    budget: int,
    program_seed: int,
    jobs: int,
    exit_zero: bool,
) -> ExitCode:
    """Judge TARGET and write its certificate.

    TARGET is moto or ministack (started and stopped by the tool), reference (this tool's own
    specification, in memory), http://host:port for anything that runs already, or the folder of a
    recording.
    """
    from conformance.certify import Certification

    exploration = Exploration(depth, budget, program_seed)
    return Certification(
        target, services, profiles, expression, output, jobs, exit_zero, region, seed, exploration
    ).run()


@cli.command()
@click.argument("target")
@click.option(
    "--cassettes",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder for the recording.",
)
@click.option(
    "--mode",
    type=click.Choice(["once", "new_episodes", "all", "rewrite"]),
    default="once",
    show_default=True,
    help="once: only scenarios that DIR does not have; new_episodes: also new requests of those it "
    "has; all: everything, after what DIR has; rewrite: everything, instead of it.",
)
@_judging
@_asking
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help="Make everything but names from this seed (0, or that of the recording in DIR).",
)
def record(
    target: str,
    folder: Path,
    mode: str,
    services: tuple[str, ...],
    profiles: tuple[str, ...],
    expression: str,
    region: str,
    output: Path,
    seed: int | None,
    depth: int,
    budget: int,
    program_seed: int,
    jobs: int,
    exit_zero: bool,
) -> ExitCode:
    """Judge TARGET, and keep all that it answers in cassettes for `replay`.

    No credential, token or account id is written. The cassettes take their places when the run is
    complete; one that is stopped leaves DIR as it was.
    """
    from conformance.certify import Certification
    from conformance.suite.recordings import Recorder
    from conformance.transport.cassettes.scene import Mode

    exploration = Exploration(depth, budget, program_seed)
    return Certification(
        target, services, profiles, expression, output, jobs, exit_zero, region, seed, exploration,
        Recorder(folder, Mode(mode)),
    ).run()  # fmt: skip


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@_judging
def replay(
    folder: str,
    services: tuple[str, ...],
    profiles: tuple[str, ...],
    expression: str,
    output: Path,
    jobs: int,
    exit_zero: bool,
) -> ExitCode:
    """Judge what is recorded in DIR, without a network.

    The same as `certify DIR`.
    """
    from conformance.certify import Certification

    return Certification(folder, services, profiles, expression, output, jobs, exit_zero).run()


@cli.command()
@click.argument("path", metavar="DIR|FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    required=True,
    metavar="N",
    help="Port to listen on; 0 for any free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--order",
    type=click.Choice(["request", "strict"]),
    default="request",
    show_default=True,
    help="request: each request gets its recorded answers in turn, and the last one stays; "
    "strict: requests have to come as they were recorded, file by file.",
)
@click.option("--latency", is_flag=True, help="Take as long as the recorded service took.")
def serve(path: Path, port: int, host: str, order: str, latency: bool) -> None:
    """Answer any SDK on a port with what is recorded, until interrupted.

    What is not recorded is answered with NotRecordedException (HTTP 400) and the nearest recording,
    a recorded time-out with HTTP 504.
    """
    from conformance.serve import serve_cassettes

    serve_cassettes(path, host, port, order, latency=latency)


@cli.command()
@_selection
def rules(services: tuple[str, ...], profiles: tuple[str, ...]) -> None:
    """List the rules."""
    from conformance.report.catalogue import print_rules

    print_rules(services, profiles)


@cli.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Show one rule: what it requires, and what says so."""
    from conformance.report.catalogue import print_rule

    print_rule(rule)


@cli.command()
@click.argument("service")
@click.argument("operation")
@click.argument("file", type=click.File("rb"))
@click.option("--input", "kind", flag_value="input", help="FILE is a request.")
@click.option("--error", "kind", flag_value="error", help="FILE is an error.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["wire", "cli"]),
    default="wire",
    show_default=True,
    help="wire: as it was sent; cli: as the AWS CLI prints it, with times as texts.",
)
def validate(service: str, operation: str, file: Any, kind: str | None, form: str) -> ExitCode:
    """Judge one body, the JSON in FILE (- for standard input), by the contract.

    It is an answer to OPERATION of SERVICE, unless it is said to be a request or an error.

    Exits with 0 if it conforms, with 1 if not. What AWS usually, but not always, does is reported
    as "should" and does not count.
    """
    from conformance.validate import Validation

    name = getattr(file, "name", "<stdin>")
    return Validation(service, operation, kind or "output", form).judge(file.read(), name)


@cli.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the document there instead of printing it.",
)
@click.option(
    "--check",
    "committed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Fail where FILE is not what would be printed.",
)
def coverage(output: Path | None, committed: Path | None) -> ExitCode:
    """Tell for everything that AWS promises or demands which rules test it, or why none does.

    Lets the suite judge the reference to see what each rule does. Exits with 1 where something is
    neither tested nor has a reason.
    """
    from conformance.coverage import report_coverage

    return report_coverage(output, committed)


@cli.group()
def schemas() -> None:
    """The contract lock: botocore's service models, as they were when it was built."""


@schemas.command("build")
@click.option(
    "--from",
    "named",
    metavar="SOURCE",
    help="A botocore version, or a service model on disk (the installed botocore).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write to (that of the lock).",
)
def schemas_build(named: str | None, output: Path | None) -> ExitCode:
    """Write the lock: the model and the wire schemas of every operation."""
    from conformance.lock import build

    return build(named, output)


@schemas.command("check")
def schemas_check() -> ExitCode:
    """Check that the lock says what the installed botocore says; exits with 1 if not."""
    from conformance.lock import check

    return check()


@schemas.command("diff")
@click.argument("old")
@click.argument("new")
def schemas_diff(old: str, new: str) -> ExitCode:
    """Tell what changed from OLD to NEW, and which rules that touches.

    Each is a botocore version such as 1.44.5, a service model on disk (a service-2.json or a
    folder), or lock. Exits with 1 where they differ.
    """
    from conformance.lock import diff

    return diff(old, new)


@cli.group()
def reference() -> None:
    """The tool's own specification of ECR and ECR Public, as an emulator."""


@reference.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    required=True,
    metavar="N",
    help="Port to listen on; 0 for any free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--credentials",
    "pairs",
    multiple=True,
    metavar="KEY:SECRET",
    help="Check signatures (SigV4), and let only this access key in; may be repeated.",
)
@click.option(
    "--lag",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Let reads show what was up to so long ago.",
)
@click.option(
    "--throttle",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Answer this share of requests, 0 to 1, with ThrottlingException.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help="Throttle the same requests as the run that had this seed.",
)
def reference_serve(
    port: int, host: str, pairs: tuple[str, ...], lag: float, throttle: float, seed: int | None
) -> None:
    """Answer as ECR and ECR Public on a port, until interrupted. All is kept in memory only.

    An access key of twelve digits is the account that calls; any other one is 123456789012.
    """
    from conformance.reference.strictness import rehearsal
    from conformance.transport.serving import bind, in_threads, serve

    transport = rehearsal(pairs, lag, throttle, seed)
    with bind(host, port) as listening:
        click.echo(f"serving ECR and ECR Public at http://{host}:{listening.getsockname()[1]}")
        serve(in_threads(transport), listening)


def main() -> None:
    """Run the command line; every error is one clear sentence and the documented exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = _complain("interrupted", "", ExitCode.INTERRUPTED)
    except click.ClickException as error:
        code = _complain(error.format_message(), "ecr-conformance --help", ExitCode.USAGE)
    except ConformanceError as error:
        code = _complain(error.message, error.hint, error.exit_code)
    sys.exit(int(code or 0))


def _complain(message: str, hint: str, code: ExitCode) -> ExitCode:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    return code
