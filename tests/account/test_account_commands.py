"""``aws sweep`` and ``aws restore``, what a run tells before it starts, and what it saves."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rehearsed import ACCOUNT, Account, rehearsed_account, told_secrets

from conformance.suite.run import Run
from conformance.suite.running.marking import MARK
from conformance.suite.running.run_names import is_of_a_run
from conformance.targets import Target

ONE = ("-k", "ecr.registry.signing-missing-refused")
MINE = "ecrc-12345678-9abcdef0"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with other people's things in it."""
    with rehearsed_account(tmp_path_factory.mktemp("account")) as account:
        account.furnish()
        yield account


@pytest.fixture
def account(shared: Account, tmp_path: Path) -> Account:
    """The account, for commands that run in a folder of their own."""
    return Account(shared.url, tmp_path)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.text())
def test_names_of_runs_are_known(seed: int, scenario: str) -> None:
    """Whatever the seed and the scenario, the names that a run gives are known as a run's."""
    prefix = Run(Target("a", "http://a", "a", None, "a"), seed).name_prefix(scenario)
    assert is_of_a_run(prefix)
    assert is_of_a_run(f"{prefix}/first")
    assert is_of_a_run(f"{prefix}-first")


@pytest.mark.parametrize(
    "name",
    ["ecrc-1234567-12345678", "ecrc-12345678-123456789", "ecrc-12345678-1234567g", "ecrc-team",
     "my-ecrc-12345678-12345678", "ecrc-12345678", "ecrc-12345678-12345678a",
     "ECRC-12345678-12345678"],
)  # fmt: skip
def test_names_that_are_nearly_those_of_runs_are_others(name: str) -> None:
    """A name of nearly the form of a run's is somebody else's."""
    assert not is_of_a_run(name)


def test_only_what_is_tagged_and_old_enough_is_swept(account: Account) -> None:
    """A sweep deletes nothing younger or without the tag, and says what it leaves and why."""
    before = account.snapshot()
    account.client().create_repository(repositoryName=MINE, tags=[MARK])
    young = account.run("aws", "sweep", "--yes")
    assert young.code == 0
    assert "younger than 2 h: repositories: 2" in young.out
    unanswered = account.run("aws", "sweep", "--older-than", "0")
    assert unanswered.code == 4
    assert "nobody answers: delete these 1?" in unanswered.err
    swept = account.run("aws", "sweep", "--older-than", "0", "--yes")
    assert (swept.code, swept.out.splitlines()[-1]) == (0, "1 deleted")
    assert account.snapshot() == before
    assert told_secrets(account) == []


def test_what_a_registry_holds_beside_repositories_is_swept(account: Account) -> None:
    """Rules, templates and exclusions under names of runs go, those of others stay."""
    before, client = account.snapshot(), account.client()
    client.create_pull_through_cache_rule(
        ecrRepositoryPrefix=MINE, upstreamRegistryUrl="public.ecr.aws"
    )
    client.create_repository_creation_template(prefix=f"{MINE}/a", appliedFor=["REPLICATION"])
    client.register_pull_time_update_exclusion(
        principalArn=f"arn:aws:iam::{ACCOUNT}:role/{MINE}-puller"
    )
    client.create_repository(repositoryName=f"{MINE}/new", tags=[MARK])
    swept = account.run("aws", "sweep", "--older-than", "0", "--yes")
    assert (swept.code, swept.out.splitlines()[-1]) == (0, "4 deleted")
    assert account.snapshot() == before


def test_what_may_not_be_looked_at_is_told(tmp_path: Path) -> None:
    """A sweep that may not look somewhere says which permission is missing, and fails."""
    policy = tmp_path / "policy.json"
    nothing = {"Effect": "Deny", "Action": "ecr:DescribeRepositories", "Resource": "*"}
    rest = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [nothing, rest]}))
    with rehearsed_account(tmp_path, "--policy", f"AKIACANARY0000000001={policy}") as account:
        swept = account.run("aws", "sweep", "--yes")
    assert swept.code == 1
    assert "permission for ecr:DescribeRepositories is missing" in swept.err
    assert ACCOUNT not in swept.out + swept.err


def test_a_run_tells_what_it_will_do_and_waits_for_an_answer(account: Account) -> None:
    """Before it starts, a run says where and what; without an answer nothing is made."""
    before = account.snapshot()
    ended = account.run("certify", "aws", "--allow-registry-changes", *ONE)
    assert ended.code == 4
    for words in ("…4321 (credentials: env)", "us-east-1 for ecr", "rules:     1, with some",
                  "ecr-conformance=may-be-deleted", "put back", "aws.amazon.com/ecr/pricing",
                  "nobody answers: start?"):  # fmt: skip
        assert words in ended.err
    assert account.snapshot() == before
    assert told_secrets(account) == []


def test_settings_are_saved_until_all_is_put_back(account: Account) -> None:
    """A run that put everything back has deleted the file that it saved the settings to."""
    ended = account.run("certify", "aws", "--yes", "--allow-registry-changes", *ONE)
    assert ended.code == 0, ended
    assert "settings of the registry are saved to ecr-conformance-settings-4321-" in ended.err
    assert not list(account.folder.glob("ecr-conformance-settings*"))


def test_what_an_earlier_run_saved_is_not_overwritten(account: Account) -> None:
    """A file that is there already may be needed still: the run does not start."""
    (account.folder / "saved.json").write_text("{}")
    options = ("--yes", "--allow-registry-changes", "--settings-backup", "saved.json")
    ended = account.run("certify", "aws", *options, *ONE)
    assert ended.code == 4
    assert "aws restore saved.json" in ended.err


def saved_settings(account: Account) -> Path:
    """The file of a run that was killed."""
    options = ("--yes", "--allow-registry-changes", "--settings-backup", "saved.json")
    run = account.start("certify", "aws", *options, "--profile", "registry")
    results = account.folder / "conformance-report" / "results.jsonl"
    while not results.exists():
        assert run.poll() is None
    account.kill(run)
    return account.folder / "saved.json"


def test_settings_are_put_back_as_they_were_saved(account: Account) -> None:
    """A restore shows what differs, puts that back, and keeps the file; it is for its owner."""
    before = account.snapshot()
    file = saved_settings(account)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    account.client().put_registry_scanning_configuration(scanType="BASIC", rules=[])
    elsewhere = {"destinations": [{"region": "eu-west-1", "registryId": ACCOUNT}]}
    account.client().put_replication_configuration(replicationConfiguration={"rules": [elsewhere]})
    asked = account.run("aws", "restore", str(file))
    assert asked.code == 4
    assert "differs: ecr GetRegistryScanningConfiguration" in asked.out
    restored = account.run("aws", "restore", str(file), "--yes")
    assert restored.code == 0, restored
    assert account.run("aws", "restore", str(file)).out.endswith("as they were saved\n")
    account.run("aws", "sweep", "--older-than", "0", "--yes")
    assert account.snapshot() == before
    assert told_secrets(account, "saved") == []


def test_settings_of_another_place_are_refused(account: Account) -> None:
    """A file of another account or Region, or of something else, is one clear error."""
    saved = {"account": "111122223333", "region": "us-east-1", "settings": {"ecr": {}}}
    file = account.folder / "saved.json"
    file.write_text(json.dumps(saved))
    other = account.run("aws", "restore", str(file), "--yes")
    assert other.code == 4
    assert "is of the account …3333, the credentials are of …4321" in other.err
    region = account.run("aws", "restore", str(file), "--yes", "--region", "eu-west-1")
    assert region.code == 4
    file.write_text('{"account": "1"}')
    malformed = account.run("aws", "restore", str(file), "--yes")
    assert "code: malformed-file" in malformed.err
    assert len(malformed.err.splitlines()) <= 3


def test_pytest_starts_nothing_on_aws_by_itself(account: Account) -> None:
    """Under pytest a run on AWS needs --conformance-yes, and says so."""
    ended = account.pytest(*ONE)
    assert ended.code == 4
    assert "--conformance-yes" in ended.err
    done = account.pytest(*ONE, "--conformance-allow-registry-changes", "--conformance-yes")
    assert done.code == 0, done
    denied = account.pytest("--conformance-yes", "--conformance-deny-account", ACCOUNT)
    assert denied.code == 4
    assert told_secrets(account) == []


def test_no_scenario_is_started_beyond_the_calls_that_are_allowed(account: Account) -> None:
    """Once a run has sent as many requests as it may, the rest is untestable, and it cleans up."""
    before = account.snapshot()
    options = ("--service", "ecr", "--profile", "tags", "--max-calls", "200")
    ended = account.run("certify", "aws", "--yes", *options, "--verbose")
    assert ended.code == 1
    results = (account.folder / "conformance-report" / "results.jsonl").read_text()
    assert "more requests than --max-calls allows" in results
    assert '"verdict":"pass"' in results.replace(" ", "")
    assert account.snapshot() == before
