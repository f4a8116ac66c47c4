"""A check's requests as curl commands."""

from __future__ import annotations

from conformance.report.reproduction.chaining import download
from conformance.report.reproduction.headers import own_headers
from conformance.report.reproduction.narration import narrated
from conformance.report.reproduction.plan import Plan, Service, Step
from conformance.report.reproduction.shell import produce, quote, script, with_answer, word
from conformance.transport.exchange import Request, header

__all__ = ["curl_script", "download_lines"]

# The status comes on a line of its own after the body; "-g" takes addresses as they are.
_CURL = "curl -sS -g -w '\\nHTTP %{http_code}\\n'"
_ANSWER = 'text.rpartition("\\nHTTP ")[0]'


def curl_script(plan: Plan, verdict: str) -> str:
    """A shell script that sends what was sent, byte for byte, signed anew."""
    return script(narrated(plan, verdict, _lines))


def download_lines(step: Step) -> list[str]:
    """Fetch a layer from the address that an earlier answer gave, if one did."""
    address = f'"${step.url.name}"' if step.url else quote(step.exchange.request.url)
    return [f"{_CURL} --proto =http,https --url {address}"]


def _lines(step: Step) -> list[str]:
    if download(step.exchange):
        return download_lines(step)
    return with_answer(_command(step), step, _ANSWER)


def _command(step: Step) -> str:
    request = step.exchange.request
    before, body = _body(step)
    words = [_CURL, _signature(step.service), *_fields(request), *_method(request), *body]
    return f"{before}{' '.join(words)} {quote(request.url)}"


def _signature(service: Service) -> str:
    signer = f"--aws-sigv4 {quote(f'aws:amz:{service.region}:{service.name}')}"
    if not service.is_aws:
        return f"{signer} --user {service.access_key}:test"
    return (
        f'{signer} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" '
        '-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"'
    )


def _fields(request: Request) -> list[str]:
    fields = [f"-H {quote(f'{name}: {value}')}" for name, value in own_headers(request)]
    # curl adds a content type of its own to a body that has none.
    absent = request.body and header(request.headers, "Content-Type") is None
    return [*fields, "-H Content-Type:"] if absent else fields


def _method(request: Request) -> list[str]:
    implied = "POST" if request.body else "GET"
    return [] if request.method == implied else [f"-X {quote(request.method)}"]


def _body(step: Step) -> tuple[str, list[str]]:
    """A command whose output goes into curl, if one is needed, and curl's options."""
    body = step.exchange.request.body
    if not body:
        return "", []
    text = _text(body)
    # "@" at the start is the name of a file to curl.
    literal = None if text is None or text.startswith("@") else word(step.parts(text))
    if literal is not None:
        return "", [f"--data-binary {literal}"]
    source = produce(step.parts(body.decode("latin-1")))
    # Without this curl waits a second for the permission to send a large body.
    return f"{source} | ", ["-H Expect:", "--data-binary @-"]


def _text(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None
