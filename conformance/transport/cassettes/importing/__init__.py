"""Cassettes of what other tools recorded of ECR: vcrpy, whatever writes HAR files, placebo."""

from conformance.transport.cassettes.importing.sources import ForeignRecording, find_recordings

__all__ = ["ForeignRecording", "find_recordings"]
