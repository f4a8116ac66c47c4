"""An account of AWS, rehearsed: other people's things in it, and commands run against it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from pushing import push

from conformance.suite.artifacts import docker_image

ACCOUNT, KEY = "210987654321", "AKIACANARY0000000001"
SECRET, TOKEN = "secret-canary-0123456789abcdef", "token-canary-0123456789abcdef"
_COMMAND = (sys.executable, "-c", "from conformance.cli import main; main()")
_SETTINGS = (
    ("get_registry_policy", {}),
    ("describe_registry", {}),
    ("get_registry_scanning_configuration", {}),
    ("get_account_setting", {"name": "BASIC_SCAN_TYPE_VERSION"}),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Account:
    """An account behind an address; ``folder`` is where commands run, ``said`` all they said."""

    url: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command against the account, in a process group of its own."""
        return self._start([*_COMMAND, *arguments, "--endpoint-url", self.url])

    def pytest(self, *arguments: str) -> Ended:
        """Run the suite against the account under pytest to its end."""
        suite = ["-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "conformance.suite"]
        target = ["--conformance-target", "aws", "--conformance-endpoint-url", self.url]
        return self.ended(self._start([sys.executable, *suite, *target, *arguments]))

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Ended:
        """Run a command to its end."""
        return self.ended(self.start(*arguments))

    def ended(self, command: subprocess.Popen[str]) -> Ended:
        """How a command ended, once it has."""
        out, err = command.communicate(timeout=600)
        self.said += [out, err]
        return Ended(command.returncode, out, err)

    def kill(self, command: subprocess.Popen[str]) -> None:
        """Kill a command and what it has started, as ``kill -9`` does."""
        os.killpg(command.pid, signal.SIGKILL)
        self.ended(command)

    def client(self, service: str = "ecr") -> Any:
        """A boto3 client of the account."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            aws_session_token=TOKEN,
            config=Config(retries={"mode": "standard", "total_max_attempts": 10}),
        )

    def furnish(self) -> None:
        """Make what other people have, some of it nearly as runs name it, and set the registry."""
        for service in ("ecr", "ecr-public"):
            client = self.client(service)
            for name in ("team/application", "ecrc-near-miss", "ecrc-0000000g-00000000"):
                tags = [{"Key": "team", "Value": "blue"}, {"Key": "ecr-conformance", "Value": "no"}]
                client.create_repository(repositoryName=name, tags=tags)
                push(client, name, docker_image(name), "v1", "v2")
                client.set_repository_policy(repositoryName=name, policyText=_policy())
            client.create_repository(repositoryName="ecrc-00000000-00000000")
        ecr = self.client()
        ecr.create_pull_through_cache_rule(
            ecrRepositoryPrefix="mirror", upstreamRegistryUrl="public.ecr.aws"
        )
        ecr.create_repository_creation_template(prefix="ecrc-team", appliedFor=["REPLICATION"])
        rule = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [
            {"filter": "team*", "filterType": "WILDCARD"}]}  # fmt: skip
        ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[rule])

    def snapshot(self) -> str:
        """All that there is in the account, as it tells it."""
        found: dict[str, Any] = {}
        for service in ("ecr", "ecr-public"):
            client = self.client(service)
            pages = client.get_paginator("describe_repositories").paginate()
            repositories = [each for page in pages for each in page["repositories"]]
            found[service] = [_whole(client, each) for each in sorted(repositories, key=str)]
        ecr = self.client()
        for listing in ("pull_through_cache_rules", "repository_creation_templates"):
            pages = ecr.get_paginator(f"describe_{listing}").paginate()
            found[listing] = [_told(page) for page in pages]
        found["exclusions"] = _told(ecr.list_pull_time_update_exclusions())
        for operation, parameters in _SETTINGS:
            found[operation + str(parameters)] = _answer(ecr, operation, parameters)
        return json.dumps(found, default=str, sort_keys=True)


def _whole(client: Any, repository: dict[str, Any]) -> list[Any]:
    name = repository["repositoryName"]
    tags = client.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
    images = client.describe_images(repositoryName=name)["imageDetails"]
    policy = _answer(client, "get_repository_policy", {"repositoryName": name})
    return [repository, tags, sorted(images, key=str), policy]


def _answer(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    try:
        return _told(getattr(client, operation)(**parameters))
    except client.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _policy() -> str:
    statement = {"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _environment() -> dict[str, str]:
    nobodys = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **nobodys,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


@contextmanager
def rehearsed_account(folder: Path, *options: str) -> Iterator[Account]:
    """An account of AWS that is served by a process of its own, for as long as a test needs it."""
    command = [*_COMMAND, "reference", "serve", "--port", "0", "--account", ACCOUNT]
    command += ["--credentials", f"{KEY}:{SECRET}:{TOKEN}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield Account(server.stdout.readline().split()[-1], folder)
        finally:
            server.send_signal(signal.SIGINT)


def told_secrets(account: Account, saved: str = "settings") -> list[str]:
    """Where commands told what is nobody's business; files called ``saved`` are private anyway."""
    texts = {f"output {number}": text for number, text in enumerate(account.said)}
    for path in account.folder.rglob("*"):
        if path.is_file() and saved not in path.name:
            texts[str(path)] = path.read_text("utf-8", errors="replace")
    secrets = (ACCOUNT, KEY, SECRET, TOKEN)
    return [place for place, text in texts.items() if any(each in text for each in secrets)]
