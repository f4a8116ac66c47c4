"""A check's requests as a Python program with boto3."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from conformance.report.reproduction.chaining import Capture, download
from conformance.report.reproduction.client_call import ClientCall, client_call
from conformance.report.reproduction.headers import own_headers
from conformance.report.reproduction.narration import narrated
from conformance.report.reproduction.plan import Plan, Service, Step
from conformance.report.reproduction.python_code import bytes_expression, expression

__all__ = ["boto3_script"]

# No blank line inside a block and one after it, so that the interactive interpreter takes it too.
_CLIENTS = """\
import json
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

{session}
config = Config(parameter_validation=False, retries={{"max_attempts": 0}})
{clients}

def call(method, **parameters):
    try:
        answer = method(**parameters)
    except ClientError as error:
        answer = error.response
    except Exception as error:
        answer = {{"Error": repr(error)}}
    status = answer.pop("ResponseMetadata", {{}}).get("HTTPStatusCode")
    print(method.__name__, status, json.dumps(answer, default=str))
    return answer

"""

_RAW = """\
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

def send(method, url, headers={}, body=b"", signed_for=None, session=None):
    request = AWSRequest(method, url, headers=headers, data=body)
    if signed_for:
        SigV4Auth(session.get_credentials(), *signed_for).add_auth(request)
    response = URLLib3Session().send(request.prepare())
    print(method, response.status_code, response.text)
    return response.content

"""


def boto3_script(plan: Plan, verdict: str) -> str:
    """A program that makes the calls with parameter validation off.

    What boto3 cannot be brought to send is signed and sent by botocore's own parts.
    """
    lines = list(narrated(plan, verdict, _lines))
    raw = _RAW if any(" = send(" in line or line.startswith("send(") for line in lines) else ""
    return _clients(plan) + raw + "\n".join(lines) + "\n"


def _clients(plan: Plan) -> str:
    sessions = {service.session: _session(service) for service in plan.services}
    return _CLIENTS.format(
        session="\n".join(f"{name} = {session}" for name, session in sessions.items()),
        clients="\n".join(_client(service) for service in plan.services),
    )


def _session(service: Service) -> str:
    keys = f'aws_access_key_id="{service.access_key}", aws_secret_access_key="test"'
    return f"boto3.Session({'' if service.is_aws else keys})"


def _client(service: Service) -> str:
    return (
        f'{service.client} = {service.session}.client("{service.name}", '
        f"endpoint_url={service.endpoint!r}, region_name={service.region!r}, config=config)"
    )


def _lines(step: Step) -> list[str]:
    call = client_call(step.exchange.service, step.exchange.request)
    if call is not None:
        return list(_with_answer(_call(step, call), step, "answer"))
    request = _download(step) if download(step.exchange) else _request(step.service, step)
    return list(_with_answer(request, step, "json.loads(answer)"))


def _with_answer(code: str, step: Step, answer: str) -> Iterator[str]:
    yield f"answer = {code}" if step.captures else code
    for taken in step.captures:
        yield _capture(taken, answer)


def _capture(taken: Capture, answer: str) -> str:
    return f"{taken.variable} = {answer}{''.join(f'[{key!r}]' for key in taken.path)}"


def _call(step: Step, call: ClientCall) -> str:
    parameters = (
        f", {name}={expression(value, step.captured, name)}"
        for name, value in call.parameters.items()
    )
    return f"call({step.service.client}.{call.method}{''.join(parameters)})"


def _download(step: Step) -> str:
    address = step.url.name if step.url else repr(step.exchange.request.url)
    return f'send("GET", {address})'


def _request(service: Service, step: Step) -> str:
    request = step.exchange.request
    address = urlsplit(request.url)
    path = request.url.removeprefix(f"{address.scheme}://{address.netloc}")
    body = bytes_expression(step.parts(request.body.decode("latin-1")))
    return (
        f"send({request.method!r}, {service.endpoint + path!r}, {dict(own_headers(request))!r}, "
        f"{body}, ({service.name!r}, {service.region!r}), {service.session})"
    )
