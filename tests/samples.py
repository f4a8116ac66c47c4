"""Rules, checks and exchanges for tests, and strategies that make any of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from conformance.report.certificate import Certificate
from conformance.report.judgement import judge
from conformance.report.provenance import ContractVersion, Provenance, Selection, TargetIdentity
from conformance.report.report_file import report_text
from conformance.report.seal import sealed_text
from conformance.report.waivers import Waiver
from conformance.suite.checks import Check
from conformance.suite.evidence import Evidence, EvidenceKind
from conformance.suite.rules import PROFILES, SERVICES, Rule
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Level, Verdict
from conformance.transport.exchange import Exchange, Request, Response

STARTED, FINISHED = "2026-01-02T03:04:05Z", "2026-01-02T03:04:17.300Z"
EXPIRED = "2026-01-01"
HOSTILE = "<b>&\x00\x1b[31m\r\n\u2028]]>'\"$(touch x)\ud800\uffff"

PROVENANCE = Provenance(
    contract=ContractVersion("1.44.5", (("ecr", "2015-09-21"), ("ecr-public", "2020-10-30"))),
    target=TargetIdentity("moto", "moto", "5.2.5", "http://127.0.0.1:5000", "us-east-1"),
    started=STARTED,
    seed=7,
    selection=Selection(("ecr",), (), ""),
)
EVIDENCE = Evidence(EvidenceKind.DOCUMENTED, "PutImage", "It does.", "https://example.com/a")


def rule(
    name: str, level: Level = Level.MUST, service: str = "ecr", operations: Sequence[str] = ()
) -> Rule:
    """A rule called ``<service>.<name>``."""
    return Rule(
        id=f"{service}.{name}",
        title=f"The target keeps {name}.",
        level=level,
        profile=name.partition(".")[0],
        service=service,
        operations=tuple(operations),
        evidence=(EVIDENCE,),
        scenario=f"module::test_{name}",
    )


def check(of: Rule, verdict: Verdict, message: str = "", parameter: str = "", **more: Any) -> Check:
    """A check of a rule."""
    more.setdefault("operations", of.operations)
    return Check(
        rule=of.id,
        id=f"{of.id}[{parameter}]" if parameter else of.id,
        verdict=verdict,
        message=message,
        **more,
    )


def certificate(*checks: tuple[Rule, Verdict]) -> Certificate:
    """The certificate of rules with one check each."""
    return judge(
        PROVENANCE,
        [of for of, _ in checks],
        [check(of, verdict) for of, verdict in checks],
        FINISHED,
    )


def report_of(certificate: Certificate) -> dict[str, Any]:
    """The content of a certificate's ``report.json``."""
    parsed: dict[str, Any] = json.loads("".join(report_text(certificate)))
    return parsed


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its seal."""
    parsed: dict[str, Any] = json.loads("".join(sealed_text(document)))
    return parsed


def exchange(
    operation: str,
    sent: object = None,
    came: object = None,
    *,
    status: int = 200,
    url: str = "http://127.0.0.1:5000/",
    method: str = "POST",
) -> Exchange:
    """An exchange as the wire client makes it; bytes are sent and answered as they are."""
    headers: tuple[tuple[str, str], ...] = ()
    if operation:
        headers = (
            ("X-Amz-Target", f"AmazonEC2ContainerRegistry_V20150921.{operation}"),
            ("Content-Type", "application/x-amz-json-1.1"),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260102/eu-west-1/ecr/aws4_request, "
                "SignedHeaders=host, Signature=0123456789abcdef0123456789abcdef",
            ),
        )
    return Exchange(
        "ecr",
        operation,
        Request(method, url, headers, _body(sent)),
        Response(status, (), _body(came)),
    )


def _body(value: object) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


texts = st.text(st.characters(codec=None), max_size=20) | st.just(HOSTILE)
fields = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
seconds = st.integers(0, 100_000).map(lambda n: n / 10_000)
exchanges = st.builds(
    Exchange,
    service=st.sampled_from(SERVICES),
    operation=st.sampled_from(["", "PutImage", "CreateRepository"]),
    request=st.builds(
        Request,
        method=st.sampled_from(["POST", "GET"]),
        url=st.just("http://127.0.0.1:5000/"),
        headers=fields,
        body=st.binary(max_size=30) | texts.map(lambda text: json.dumps([text]).encode()),
    ),
    response=st.none()
    | st.builds(
        Response, status=st.integers(100, 599), headers=fields, body=st.binary(max_size=30)
    ),
    failure=st.none() | texts,
    seconds=seconds,
)
digests = st.just("") | st.binary(min_size=32, max_size=32).map(lambda b: f"sha256:{b.hex()}")


def checks_of(rules: Sequence[Rule]) -> st.SearchStrategy[Check]:
    """Any check of one of the rules."""
    return st.builds(
        lambda of, parameter, verdict, message, found, digest, took: check(
            of, verdict, message, parameter, exchanges=tuple(found), digest=digest, seconds=took
        ),
        st.sampled_from(rules),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(Verdict),
        texts,
        st.lists(exchanges, max_size=2),
        digests,
        seconds,
    )


rules = st.lists(
    st.builds(
        rule,
        st.sampled_from([f"{profile}.{name}" for profile in PROFILES for name in ("x", "y")]),
        st.sampled_from(Level),
        st.sampled_from(SERVICES),
        st.just(("PutImage",)),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each.id,
)


def waivers_of(rules: Sequence[Rule]) -> st.SearchStrategy[Waiver]:
    """Any waiver of one of the rules, of one of its checks, or of neither."""
    return st.builds(
        Waiver,
        id=st.sampled_from([f"{each.id}{ending}" for each in rules for ending in ("", "[a]", "s")]),
        reason=texts.filter(bool),
        issue=st.just("https://example.com/1"),
        expires=st.sampled_from([EXPIRED, FINISHED[:10], "2027-01-01"]),
        place=st.just("w.toml:1"),
    )


selections = st.builds(
    Selection,
    st.sampled_from([(), ("ecr",), SERVICES]),
    st.sampled_from([(), ("tags", "images")]),
    texts,
    st.none() | st.just(Shard(2, 3)),
)
certificates = rules.flatmap(
    lambda chosen: st.builds(
        lambda selection, found, waived: judge(
            replace(PROVENANCE, selection=selection), chosen, found, FINISHED, waived
        ),
        selections,
        st.lists(checks_of(chosen), max_size=8),
        st.lists(waivers_of(chosen), max_size=3, unique_by=lambda each: each.id),
    )
)
