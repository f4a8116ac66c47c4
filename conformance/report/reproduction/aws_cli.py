"""A check's requests as commands of the AWS CLI, version 1 or 2."""

from __future__ import annotations

import json

from conformance.report.reproduction.chaining import download
from conformance.report.reproduction.client_call import ClientCall, client_call, option
from conformance.report.reproduction.curl import download_lines
from conformance.report.reproduction.narration import narrated
from conformance.report.reproduction.plan import Plan, Service, Step
from conformance.report.reproduction.shell import produce, quote, script, with_answer, word
from conformance.report.reproduction.text import compact

__all__ = ["aws_script"]

# Parameters are sent as they are, and a refusal is not tried again.
_SETTINGS = (
    "work=$(mktemp -d) && trap 'rm -rf \"$work\"' EXIT || exit",
    "printf '[default]\\nparameter_validation = false\\n' > \"$work/config\"",
)
_OWN_CREDENTIALS = ('eval "$(aws configure export-credentials --format env)"',)
_DUMMY_CREDENTIALS = (
    "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
    "unset AWS_SESSION_TOKEN",
)
_ENVIRONMENT = (
    'export AWS_CONFIG_FILE="$work/config" AWS_MAX_ATTEMPTS=1 AWS_PAGER=',
    "unset AWS_PROFILE AWS_DEFAULT_PROFILE",
)


def aws_script(plan: Plan, verdict: str) -> str | None:
    """A shell script, or ``None`` where the CLI cannot be brought to send one of the requests."""
    calls = {id(step): _call(step) for step in (*plan.steps, *plan.cleanup)}
    if any(calls[id(step)] is None and not download(step.exchange) for step in plan.steps):
        return None

    def lines(step: Step) -> list[str]:
        call = calls[id(step)]
        return download_lines(step) if call is None else _lines(step.service, step, call)

    return script([*_preamble(plan), *narrated(plan, verdict, lines)])


def _call(step: Step) -> ClientCall | None:
    return client_call(step.exchange.service, step.exchange.request)


def _preamble(plan: Plan) -> tuple[str, ...]:
    credentials = _OWN_CREDENTIALS if plan.services[0].is_aws else _DUMMY_CREDENTIALS
    return (*_SETTINGS, *credentials, *_ENVIRONMENT)


def _lines(service: Service, step: Step, call: ClientCall) -> list[str]:
    files, options = _parameters(step, call)
    # The CLI would follow page tokens by itself.
    account = f"AWS_ACCESS_KEY_ID={service.access_key} " if service.other_account else ""
    command = (
        f"{account}aws --endpoint-url {quote(service.endpoint)} --region {quote(service.region)} "
        f"--output json --no-paginate {service.name} {option(call.operation)} {options}"
    )
    return [*files, *with_answer(command, step, "text")]


def _parameters(step: Step, call: ClientCall) -> tuple[list[str], str]:
    """The commands that write files of parameters, and the options that name them."""
    files, options = [], []
    plain = {name: value for name, value in call.parameters.items() if not _is_blob(value)}
    parts = step.parts(json.dumps(plain))
    literal = word(parts)
    if literal is None:
        files.append(f'{produce(parts)} > "$work/input.json"')
        literal = 'file://"$work/input.json"'
    options.append(f"--cli-input-json {literal}")
    for name, value in call.parameters.items():
        if _is_blob(value):
            # From a file, because versions 1 and 2 read a blob on the command line differently.
            path = f'"$work/{option(name)}"'
            files.append(f"{produce(compact(value.decode('latin-1')))} > {path}")
            options.append(f"--{option(name)} fileb://{path}")
    return files, " ".join(options)


def _is_blob(value: object) -> bool:
    return isinstance(value, bytes)
