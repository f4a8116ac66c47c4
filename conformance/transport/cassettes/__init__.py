"""Recordings: exchanges kept in vcrpy's format, and transports that record and replay them.

A **cassette** holds the exchanges of one scenario. It is an ordinary vcrpy cassette in JSON, with a
block more that tells where it comes from. A **recording** is a folder of cassettes made in one run.
"""

from conformance.transport.cassettes.cassette import Cassette
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.player import NotRecorded, Player

__all__ = ["Cassette", "Interaction", "NotRecorded", "Player"]
