"""HTTPS: whom ``NetworkTransport`` believes, and what it says when it does not."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta, timezone
from ipaddress import IPv4Address
from pathlib import Path

import hostile_server as hostile
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conformance.errors import TransportError, UsageError
from conformance.transport.network import NetworkTransport

SMALL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "emulator")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def over_tls(certificate: Path, behaviour: hostile.Behaviour) -> hostile.Behaviour:
    """The same behaviour, behind a TLS handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def behave(connection: socket.socket, server: hostile.HostileServer) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            behaviour(secure, server)

    return behave


def secure_url(server: hostile.HostileServer) -> str:
    """The server's address with https."""
    return server.url.replace("http:", "https:")


def test_a_certificate_of_the_bundle_is_believed(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With AWS_CA_BUNDLE, an emulator's own certificate is good, and connections are kept."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    behaviour = over_tls(certificate, hostile.keeping_alive(SMALL))
    with hostile.serving(behaviour) as server, NetworkTransport(secure_url(server)) as transport:
        for _ in range(5):
            assert transport(hostile.ecr_request(secure_url(server))).body == b"{}"
        assert server.connections == 1


def test_a_slow_server_is_given_up_over_tls(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeout holds for TLS as it does for plain connections."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    with (
        hostile.serving(over_tls(certificate, hostile.trickles)) as server,
        NetworkTransport(secure_url(server), timeout=0.5) as transport,
        pytest.raises(TransportError, match="did not finish its answer to DescribeRepositories"),
    ):
        transport(hostile.ecr_request(secure_url(server)))


def test_an_untrusted_certificate_is_named(certificate: Path) -> None:
    """A certificate that cannot be verified is told with the reason and the way out."""
    with hostile.serving(over_tls(certificate, hostile.keeping_alive(SMALL))) as server:
        with pytest.raises(TransportError) as raised, NetworkTransport(secure_url(server)) as sent:
            sent(hostile.ecr_request(secure_url(server)))
        about = f"the TLS certificate of {secure_url(server)} is not trusted: "
    assert raised.value.message.startswith(about + "self")
    assert "AWS_CA_BUNDLE" in raised.value.hint


@pytest.mark.parametrize(
    "behaviour",
    [
        hostile.closes_at_once,
        lambda connection, _server: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ],
)
def test_tls_to_a_plain_server_is_named(behaviour: hostile.Behaviour) -> None:
    """https:// to a server without TLS is told as that."""
    with (
        hostile.serving(behaviour) as server,
        NetworkTransport(secure_url(server)) as transport,
        pytest.raises(TransportError) as raised,
    ):
        transport(hostile.ecr_request(secure_url(server)))
    assert raised.value.message == f"{secure_url(server)} does not speak TLS"


def test_a_silent_handshake_is_given_up() -> None:
    """A handshake that is never answered ends at the timeout to connect."""

    def silent(_connection: socket.socket, server: hostile.HostileServer) -> None:
        server.stopped.wait()

    with (
        hostile.serving(silent) as server,
        NetworkTransport(secure_url(server), connect_timeout=0.2) as transport,
        pytest.raises(TransportError) as raised,
    ):
        transport(hostile.ecr_request(secure_url(server)))
    assert raised.value.message == f"{secure_url(server)} accepts no connection within 0.2 s"


def test_an_unreadable_bundle_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_CA_BUNDLE must name a file of certificates."""
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/bundle.pem")
    with pytest.raises(UsageError, match=r"'/nowhere/bundle\.pem' cannot be read"):
        NetworkTransport("https://127.0.0.1:1")
