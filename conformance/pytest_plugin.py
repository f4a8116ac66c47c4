"""The pytest plugin: options and the way in. It imports nothing heavy until a target is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.suite.exploration import DEFAULT, Exploration

if TYPE_CHECKING:
    from conformance.errors import ConformanceError
    from conformance.report.judging import Judging
    from conformance.suite.run import Run
    from conformance.suite.running.opening import Plan
    from conformance.targets import AwsAccess

pytest_plugins = ("conformance.pytest_tape",)

_OPEN = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of ``pytest --pyargs conformance.suite``."""
    group = parser.getgroup("conformance", "Amazon ECR conformance")
    group.addoption(
        "--conformance-target",
        metavar="TARGET",
        help="what to judge: moto, ministack, reference, http://host:port or a recording",
    )
    group.addoption("--conformance-region", default="us-east-1", metavar="REGION")
    group.addoption(
        "--conformance-service", action="append", default=[], metavar="SERVICE",
        help="ecr or ecr-public; may be repeated (both)",
    )  # fmt: skip
    group.addoption(
        "--conformance-profile", action="append", default=[], metavar="PROFILE",
        help="judge only this profile; may be repeated (all)",
    )  # fmt: skip
    group.addoption(
        "--conformance-seed", type=int, metavar="N", help="repeat the run that had this seed"
    )
    group.addoption(
        "--conformance-depth", type=int, default=DEFAULT.depth, metavar="N",
        help="steps of each program that the stateful rule tries (%(default)s)",
    )  # fmt: skip
    group.addoption(
        "--conformance-budget", type=int, default=DEFAULT.budget, metavar="N",
        help="how many programs it tries (%(default)s)",
    )  # fmt: skip
    group.addoption(
        "--conformance-program-seed", type=int, default=DEFAULT.seed, metavar="N",
        help="which programs it tries: the same for the same seed (%(default)s)",
    )  # fmt: skip
    group.addoption(
        "--conformance-record", metavar="DIR", help="keep all that is answered in this folder"
    )
    group.addoption(
        "--conformance-record-mode", default="once", metavar="MODE",
        choices=["once", "new_episodes", "all", "rewrite"],
        help="what of it is recorded anew: %(choices)s (%(default)s)",
    )  # fmt: skip
    _add_options_of_aws(group)
    group.addoption(
        "--conformance-output", metavar="DIR", help="write the report files to this folder"
    )


def _add_options_of_aws(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--conformance-endpoint-url", metavar="URL", help="what stands in for AWS in a rehearsal"
    )
    group.addoption(
        "--conformance-profile-name", metavar="NAME", help="profile of AWS's configuration files"
    )
    group.addoption(
        "--conformance-expect-account", metavar="ID", help="ask AWS in this account only"
    )
    group.addoption(
        "--conformance-deny-account", action="append", default=[], metavar="ID",
        help="never ask AWS in this account; may be repeated",
    )  # fmt: skip
    group.addoption(
        "--conformance-allow-registry-changes", action="store_true",
        help="change settings of the whole registry on AWS, too; they are put back",
    )  # fmt: skip
    group.addoption("--conformance-settings-backup", metavar="FILE", help="save them there first")
    group.addoption(
        "--conformance-max-calls", type=int, metavar="N",
        help="start no further scenario once so many requests were sent",
    )  # fmt: skip
    group.addoption("--conformance-yes", action="store_true", help="start on AWS without asking")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run in the controlling process, and take it over in a worker."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    if "conformance" in given:
        _join(config, given)
    elif config.getoption("conformance_target"):
        _start(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    opened = config.stash.get(_OPEN, None)
    if opened is None:
        return
    judging = config.pluginmanager.get_plugin("conformance-judging")
    with opened:
        if judging is not None:
            _keep(judging)


def _join(config: pytest.Config, given: dict[str, Any]) -> None:
    from conformance.suite.run import Run
    from conformance.suite.running.execution import EXECUTION, Execution
    from conformance.suite.running.recordings import in_worker

    run = in_worker(Run.from_json(given["conformance"]), given["workerid"], given["workercount"])
    config.pluginmanager.register(Execution(run), EXECUTION)


def _start(config: pytest.Config) -> None:
    from conformance.errors import ConformanceError
    from conformance.report.judging import Judging
    from conformance.suite.running.opening import open_run

    option = config.getoption
    output = option("conformance_output")
    opened = config.stash[_OPEN] = ExitStack()
    try:
        run = opened.enter_context(open_run(_plan(config)))
        folder = Path(output) if output else None
        # What -k leaves out is left out by choice, as with `certify -k`.
        judging = opened.enter_context(Judging(run, folder, option("keyword")))
    except ConformanceError as error:
        opened.close()
        _give_up(error)
    config.pluginmanager.register(judging, "conformance-judging")


def _keep(judging: Judging) -> None:
    """Keep what was recorded by a run that decided everything it was to decide."""
    from conformance.suite.running.recordings import keep_recording

    if judging.certificate is not None and judging.certificate.exit_code.completed:
        keep_recording(judging.run)


def _plan(config: pytest.Config) -> Plan:
    from conformance.account.saving import saving_settings
    from conformance.suite.running.opening import Plan
    from conformance.suite.running.recordings import Recorder
    from conformance.transport.cassettes.scene import Mode

    option = config.getoption
    folder, mode = option("conformance_record"), Mode(option("conformance_record_mode"))
    backup = option("conformance_settings_backup")
    return Plan(
        target=option("conformance_target"),
        services=option("conformance_service"),
        profiles=option("conformance_profile"),
        region=option("conformance_region"),
        seed=option("conformance_seed"),
        exploration=Exploration(
            option("conformance_depth"),
            option("conformance_budget"),
            option("conformance_program_seed"),
        ),
        recorder=Recorder(Path(folder), mode) if folder else None,
        access=_access(option),
        max_calls=option("conformance_max_calls"),
        consent=_consent(yes=option("conformance_yes")),
        guard=saving_settings(Path(backup) if backup else None),
    )


def _access(option: Callable[[str], Any]) -> AwsAccess:
    from conformance.targets import AwsAccess

    return AwsAccess(
        profile=option("conformance_profile_name"),
        endpoint=option("conformance_endpoint_url"),
        expected_account=option("conformance_expect_account"),
        denied_accounts=tuple(option("conformance_deny_account")),
        registry_changes=option("conformance_allow_registry_changes"),
    )


def _consent(*, yes: bool) -> Callable[[Run], None]:
    """What a run on AWS will do is told; pytest asks nobody, so the answer is given beforehand."""
    from conformance.consent import consent_to
    from conformance.errors import UsageError

    def tell(run: Run) -> None:
        if run.target.owned and not run.replays and not yes:
            raise UsageError("a run on AWS does not start by itself", "give --conformance-yes")
        consent_to(yes=True)(run)

    return tell


def _give_up(error: ConformanceError) -> None:
    hint = f"; {error.hint}" if error.hint else ""
    pytest.exit(f"{error.message}{hint}", returncode=int(error.exit_code))
