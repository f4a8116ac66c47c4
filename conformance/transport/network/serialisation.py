"""A prepared request as the bytes that go over the wire, and as a few words for messages."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from botocore.awsrequest import AWSPreparedRequest

from conformance.transport.prepared import operation_of, read

_OWN_PORT = {"http": ":80", "https": ":443"}


def serialise(request: AWSPreparedRequest) -> bytes:
    """The request in HTTP/1.1, its headers in their order and case.

    Only what HTTP cannot do without is added: ``Host`` (as the URL, and so the signature, has
    it) and the length of a body. Nothing is offered, ``Accept-Encoding`` least of all, so that
    what a server answers is its own choice.
    """
    sent = read(request)
    url, body, fields = urlsplit(sent.url), sent.body, list(sent.headers)
    named = {name.lower() for name, _ in fields}
    if "host" not in named:
        fields.insert(0, ("Host", _host(url)))
    if body and not named & {"content-length", "transfer-encoding"}:
        fields.append(("Content-Length", str(len(body))))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    head = [f"{sent.method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in fields]]
    return "\r\n".join([*head, "", ""]).encode("utf-8") + body


def description(request: AWSPreparedRequest) -> str:
    """The request in a word or two: its operation, or method and path where it has none."""
    sent = read(request)
    # A presigned URL's query is a credential, so it is never shown.
    return operation_of(sent) or f"{sent.method} {urlsplit(sent.url).path or '/'}"


def _host(url: SplitResult) -> str:
    # What botocore's SigV4 signs as "host" (botocore.auth._host_from_url): no user, and no
    # port where it is the scheme's own.
    host = url.netloc.rpartition("@")[2]
    return host.removesuffix(_OWN_PORT.get(url.scheme, ""))
