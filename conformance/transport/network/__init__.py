"""The transport to a real server: HTTP/1.1 over kept connections, every exchange bounded."""

from conformance.transport.network.endpoint import Endpoint
from conformance.transport.network.transport import NetworkTransport

__all__ = ["Endpoint", "NetworkTransport"]
