"""The command ``ecr-conformance``: thin, one function a command."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from conformance import __version__
from conformance.aws_commands import aws
from conformance.errors import ConformanceError, ExitCode, Interrupted, UsageError
from conformance.options import access_of, accessing, selection
from conformance.suite.exploration import DEFAULT, Exploration

if TYPE_CHECKING:
    from conformance.suite.running.recordings import Recorder

_Command = TypeVar("_Command", bound=Callable[..., Any])
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="ecr-conformance")
def cli() -> None:
    """The independent referee for Amazon ECR and Amazon ECR Public."""


cli.add_command(aws)


_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json has a schema.",
)
_SEEDS = click.IntRange(0, 2**32 - 1)


def _judging(command: _Command) -> _Command:
    """The options of every command that judges."""
    for option in (
        _FORMAT,
        click.option("-v", "--verbose", "detail", flag_value="verbose",
                     help="Print all that fails."),
        click.option("-q", "--quiet", "detail", flag_value="quiet",
                     help="Print the verdict alone."),
        click.option("--exit-zero", is_flag=True,
                     help="Exit 0 for every completed run, whatever its verdict."),
        click.option("--waivers", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="Known failures that are accepted for now (TOML)."),
        click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
                     metavar="N", help="Worker processes."),
        click.option("--output", type=click.Path(path_type=Path),
                     default=Path("conformance-report"), show_default=True, metavar="DIR",
                     help="Folder for the report files."),
        click.option("-k", "expression", default="", metavar="EXPRESSION",
                     help="Only rules whose id matches, as pytest's -k."),
    ):  # fmt: skip
        command = option(command)
    return selection(command)


def _asking(command: _Command) -> _Command:
    """The options of every command that asks a target, and so decides what to ask."""
    for option in (
        click.option("--program-seed", type=_SEEDS, default=DEFAULT.seed, show_default=True,
                     metavar="N", help="Which programs it tries: the same for the same seed."),
        click.option("--budget", type=click.IntRange(1, 100_000), default=DEFAULT.budget,
                     show_default=True, metavar="N", help="How many programs it tries."),
        click.option("--depth", type=click.IntRange(1, 1000), default=DEFAULT.depth,
                     show_default=True, metavar="N",
                     help="Steps of each program that the stateful rule tries."),
        click.option("--max-calls", type=click.IntRange(1), metavar="N",
                     help="Start no further scenario once so many requests were sent."),
        click.option("--region", default="us-east-1", show_default=True,
                     help="Region to sign for."),
    ):  # fmt: skip
        command = option(command)
    return command


def _judging_aws(command: _Command) -> _Command:
    """The options of the target aws for every command that judges it."""
    for option in (
        click.option("-y", "--yes", is_flag=True, help="Start on AWS without asking."),
        click.option("--allow-registry-changes", "registry_changes", is_flag=True,
                     help="Change settings of the whole registry, too; they are put back."),
        click.option("--settings-backup", metavar="FILE",
                     type=click.Path(path_type=Path, dir_okay=False),
                     help="Save them there first (a file in the current folder)."),
    ):  # fmt: skip
        command = option(command)
    return accessing(command)


def _listening(command: _Command) -> _Command:
    """The options of every command that answers on a port."""
    for option in (
        click.option("--host", default="127.0.0.1", show_default=True,
                     help="Address to listen on."),
        click.option("--port", type=click.IntRange(0, 65535), required=True, metavar="N",
                     help="Port to listen on; 0 for any free one."),
    ):  # fmt: skip
        command = option(command)
    return command


@cli.command()
@click.argument("target")
@_judging
@_asking
@_judging_aws
@click.option(
    "--seed",
    type=_SEEDS,
    metavar="N",
    help="Repeat the run that had this seed (a new one each time).",
)
@click.option(
    "--shard",
    metavar="N/M",
    help="Only the N-th of M parts of the rules; `combine` puts the parts together.",
)
def certify(target: str, **chosen: Any) -> ExitCode:
    """Judge TARGET and write its certificate.

    TARGET is moto or ministack (started and stopped by the tool), reference (this tool's own
    specification, in memory), aws (by your credentials, in your account), http://host:port for
    anything that runs already, or the folder of a recording.
    """
    return _judge(target, chosen)


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
@_judging_aws
@click.option(
    "--seed",
    type=_SEEDS,
    metavar="N",
    help="Make everything but names from this seed (0, or that of the recording in DIR).",
)
def record(target: str, folder: Path, mode: str, **chosen: Any) -> ExitCode:
    """Judge TARGET, and keep all that it answers in cassettes for `replay`.

    No credential, token or account id is written. The cassettes take their places when the run is
    complete; one that is stopped leaves DIR as it was.
    """
    from conformance.suite.running.recordings import Recorder
    from conformance.transport.cassettes.scene import Mode

    return _judge(target, chosen, Recorder(folder, Mode(mode)))


@cli.command()
@click.argument("folder", metavar="DIR")
@_judging
@click.option(
    "--max-age",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="Warn where a cassette is older.",
)
@click.option("--fail-on-age", is_flag=True, help="Refuse such a recording instead.")
def replay(folder: str, max_age: float | None, fail_on_age: bool, **chosen: Any) -> ExitCode:
    """Judge what is recorded in DIR, without a network.

    The same as `certify DIR`.
    """
    from conformance.recordings import look_at_age

    look_at_age(Path(folder), max_age, fails=fail_on_age)
    return _judge(folder, chosen)


def _judge(target: str, chosen: dict[str, Any], recorder: Recorder | None = None) -> ExitCode:
    """Run what the options of ``_judging``, ``_asking`` and ``_judging_aws`` say."""
    # Almost all that is imported and collected stays: looking for garbage among it as often as
    # Python usually does takes a tenth of the time until scenarios run.
    gc.set_threshold(50_000)

    from conformance.account.saving import saving_settings
    from conformance.certify import Certification, rules_chosen
    from conformance.consent import consent_to
    from conformance.report.screen import Detail
    from conformance.suite.running.opening import Plan
    from conformance.suite.shard import Shard

    detail = chosen.pop("detail") or "normal"
    chosen["detail"] = Detail.JSON if chosen.pop("form") == "json" else Detail(detail)
    if "depth" in chosen:
        programs = (chosen.pop(name) for name in ("depth", "budget", "program_seed"))
        chosen["exploration"] = Exploration(*programs)
    if "endpoint_url" in chosen:
        chosen["access"] = access_of(chosen)
        expression = chosen["expression"]
        chosen["consent"] = consent_to(
            yes=chosen.pop("yes"),
            chosen=partial(rules_chosen, expression=expression) if expression else None,
        )
        chosen["guard"] = saving_settings(chosen.pop("settings_backup"))
    if chosen.get("shard") is not None:
        chosen["shard"] = Shard.parse(chosen["shard"])
    run = {name: chosen.pop(name) for name in Certification.__slots__ if name in chosen}
    return Certification(Plan(target, recorder=recorder, **chosen), **run).run()


@cli.command()
@click.argument("path", metavar="DIR|FILE", type=click.Path(exists=True, path_type=Path))
@_listening
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
@selection
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
@click.option(
    "--footprint",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write there what each rule asks of a target; with --check, fail where FILE says "
    "something else.",
)
def coverage(output: Path | None, committed: Path | None, footprint: Path | None) -> ExitCode:
    """Tell for everything that AWS promises or demands which rules test it, or why none does.

    Lets the suite judge the reference to see what each rule does. Exits with 1 where something is
    neither tested nor has a reason.
    """
    from conformance.coverage import report_coverage

    return report_coverage(output, committed, footprint)


@cli.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@_FORMAT
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["regressed", "lost-sight-of", "fixed", "now-decided", "new", "gone"]),
    metavar="CHANGE",
    help="Exit with 1 if a MUST rule has regressed, or changed in another way; may be repeated.",
)
def diff(before: Path, after: Path, form: str, fail_on: tuple[str, ...]) -> ExitCode:
    """Tell what became of each rule from report BEFORE to report AFTER.

    Each is a report.json or the folder that holds it. A rule has regressed, was lost sight of (it
    was decided and is not any more), is fixed, now decided, new or gone.
    """
    from conformance.report.difference import Change
    from conformance.reports import diff as differ

    return differ(before, after, form, [Change(each.replace("-", " ")) for each in fail_on])


@cli.command()
@click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path))
@_FORMAT
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page of HTML instead, in one file.",
)
def matrix(reports: tuple[Path, ...], form: str, page: Path | None) -> ExitCode:
    """Show REPORTS side by side: products, or versions of one, by profile and operation.

    Each is a report.json or the folder that holds it.
    """
    from conformance.reports import matrix as lay_out

    return lay_out(reports, form, page)


@cli.command()
@click.argument("shards", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the report files of the whole.",
)
@click.option(
    "--waivers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Known failures that are accepted for now (TOML).",
)
def combine(shards: tuple[Path, ...], output: Path, waivers: Path | None) -> ExitCode:
    """Make one certificate of all SHARDS of a run, the folders that `certify --shard` wrote to.

    They have the same target, options and seed, and none is missing.
    """
    from conformance.reports import combine as put_together

    return put_together(shards, output, waivers)


@cli.command()
@click.argument("report", type=click.Path(path_type=Path))
def verify(report: Path) -> ExitCode:
    """Check that REPORT is a certificate: as the run wrote it, whole, and with no rule left out.

    Exits with 1 if not. Whether the target conforms is another question: the answer is printed.
    """
    from conformance.reports import verify as look_at

    return look_at(report)


@cli.group()
def waivers() -> None:
    """Known failures that a project accepts for now: a TOML file for `certify --waivers`."""


@waivers.command("init")
@click.argument("report", type=click.Path(path_type=Path))
def waivers_init(report: Path) -> ExitCode:
    """Print waivers of what REPORT finds wrong, with reason and issue left to fill in."""
    from conformance.waiving import init

    return init(report)


@waivers.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("report", type=click.Path(path_type=Path), required=False)
def waivers_check(file: Path, report: Path | None) -> ExitCode:
    """Check that the waivers in FILE are filled in and hold, and that REPORT needs each.

    Exits with 1 where one of them is not in order.
    """
    from conformance.waiving import check

    return check(file, report)


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
def cassettes() -> None:
    """Recordings: imported, shown, checked and compared."""


@cassettes.command("import")
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="SOURCE...",
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder for the cassettes.",
)
def cassettes_import(sources: tuple[Path, ...], output: Path) -> ExitCode:
    """Make cassettes of what other tools recorded of ECR.

    Each SOURCE is a cassette of vcrpy or pytest-recording (YAML or JSON), a HAR file, or a folder
    of these or of what placebo recorded. No credential or token is written.
    """
    from conformance.recordings import import_recordings

    return import_recordings(sources, output)


_RECORDED = click.Path(path_type=Path, exists=True)


@cassettes.command("inspect")
@click.argument("path", type=_RECORDED)
@_FORMAT
def cassettes_inspect(path: Path, form: str) -> ExitCode:
    """Show what a cassette, or each cassette of a folder, holds and where it comes from."""
    from conformance.recordings import show

    return show(path, form)


@cassettes.command("verify")
@click.argument("path", type=_RECORDED)
@click.option(
    "--any-answer",
    is_flag=True,
    help="Do not judge the recorded answers: those of an emulator may be wrong.",
)
def cassettes_verify(path: Path, any_answer: bool) -> ExitCode:
    """Check a cassette, or each cassette of a folder; exits with 1 where anything is wrong.

    Checked are form and digest, provenance and manifest, that no secret is left, and that every
    recorded answer is one that AWS may give.
    """
    from conformance.recordings import check

    return check(path, judged=not any_answer)


@cassettes.command("diff")
@click.argument("a", type=_RECORDED)
@click.argument("b", type=_RECORDED)
@_FORMAT
def cassettes_diff(a: Path, b: Path, form: str) -> ExitCode:
    """Show what is answered differently in B than in A, by scenario and request.

    Each is a cassette or a folder. What differs from run to run is not compared: times, ids and
    tokens that a service makes up, the order of lists. Exits with 1 where they differ.
    """
    from conformance.recordings import diff

    return diff(a, b, form)


@cassettes.command("drift")
@click.argument("before", type=_RECORDED)
@click.argument("after", type=_RECORDED)
@click.argument("reports", nargs=-1, metavar="[REPORT]...", type=click.Path(path_type=Path))
@_FORMAT
def cassettes_drift(before: Path, after: Path, reports: tuple[Path, ...], form: str) -> ExitCode:
    """Tell what drifted since the recording BEFORE, and what that puts in question.

    Compared are the answers of BEFORE and AFTER, two recordings of one API, and the contract lock
    with the installed botocore. Told are the rules that this touches, and the verdicts on these
    rules of each REPORT, a report.json or the folder that holds it. Exits with 1 where anything
    drifted.
    """
    from conformance.recordings import drift

    return drift(before, after, reports, form)


@cli.group()
def reference() -> None:
    """The tool's own specification of ECR and ECR Public, as an emulator."""


@reference.command("serve")
@_listening
@click.option(
    "--credentials",
    multiple=True,
    metavar="KEY:SECRET[:TOKEN]",
    help="Check signatures (SigV4), and let only this access key in, with its session token if it "
    "has one; may be repeated.",
)
@click.option(
    "--expired",
    multiple=True,
    metavar="KEY",
    help="Answer this access key with ExpiredTokenException; may be repeated.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="KEY=FILE",
    help="Let this access key do only what the identity policy (JSON) in FILE allows; may be "
    "repeated. A key without a policy may do everything.",
)
@click.option(
    "--account",
    default="123456789012",
    show_default=True,
    metavar="ID",
    help="Whose every access key is that is not itself twelve digits.",
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
    type=_SEEDS,
    metavar="N",
    help="Throttle the same requests as the run that had this seed.",
)
def reference_serve(port: int, host: str, **chosen: Any) -> None:
    """Answer as ECR and ECR Public on a port, until interrupted. All is kept in memory only.

    An access key of twelve digits is the account that calls; any other one belongs to that of
    --account. STS is there as well, to be asked for the caller's identity (GetCallerIdentity).
    """
    from conformance.reference.strictness import rehearsal
    from conformance.reference.strictness_options import read_strictness
    from conformance.transport.serving import bind, in_threads, serve

    transport = rehearsal(read_strictness(**chosen))
    with bind(host, port) as listening:
        click.echo(f"serving ECR and ECR Public at http://{host}:{listening.getsockname()[1]}")
        serve(in_threads(transport), listening)


def main() -> None:
    """Run the command line; every error is one clear sentence and the documented exit code."""
    try:
        code = cli.main(prog_name="ecr-conformance", standalone_mode=False)
    except click.exceptions.Abort:
        code = _complain(Interrupted("interrupted"))
    except click.ClickException as error:
        code = _complain(UsageError(error.format_message(), "ecr-conformance --help"))
    except ConformanceError as error:
        code = _complain(error)
    sys.exit(int(code or 0))


def _complain(error: ConformanceError) -> ExitCode:
    click.echo(f"error: {error.message}", err=True)
    if error.hint:
        click.echo(f"hint: {error.hint}", err=True)
    click.echo(f"code: {error.code}", err=True)
    return error.exit_code
