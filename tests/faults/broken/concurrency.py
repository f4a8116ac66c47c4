"""What can be wrong when several clients ask at once."""

from __future__ import annotations

import threading

from botocore.awsrequest import AWSPreparedRequest
from fault import broken_transport, reference_with, with_members

from conformance.reference import ReferenceTransport
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.targets import Connection
from conformance.transport import Response
from conformance.transport.prepared import operation_of, read

_A_MOMENT = 0.003
"""Seconds between reading and writing, in which others write, too."""


class _Unlocked:
    """A reference in which one operation writes what it has read a moment before.

    Whatever others wrote meanwhile is lost.
    """

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._seen = threading.local()
        reference = reference_with(**{operation: self._operate})
        assert isinstance(reference, ReferenceTransport)
        self._reference = reference

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        if operation_of(read(request)) == self._operation:
            self._seen.world = self._reference.world
            threading.Event().wait(_A_MOMENT)  # on a trial, sleeping takes no time
        return self._reference(request)

    def close(self) -> None:
        """Nothing is open."""

    def _operate(
        self, right: Operation, registry: Registry, given: Parameters, call: Call
    ) -> Outcome:
        return right(self._seen.world.get(call.key, registry), given, call)


@broken_transport(condemned_by=["resource-tags.several-at-once"])
def resource_tags_are_read_and_written_without_a_lock(reference: Connection) -> Connection:
    """TagResource takes no lock, so what another one puts on at the same time is lost."""
    return _Unlocked("TagResource")


@broken_transport(condemned_by=["tags.several-at-once"])
def images_are_put_without_a_lock(reference: Connection) -> Connection:
    """PutImage takes no lock, so what another one puts at the same time is lost."""
    return _Unlocked("PutImage")


@broken_transport(condemned_by=["tags.deleted-at-once"])
def images_are_deleted_without_a_lock(reference: Connection) -> Connection:
    """BatchDeleteImage takes no lock, so what another one deletes at the same time is back."""
    return _Unlocked("BatchDeleteImage")


class _Rebuilding:
    """A reference that lists nothing while an image is being put."""

    def __init__(self, reference: Connection) -> None:
        self._reference = reference
        self._changing = 0

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        operation = operation_of(read(request))
        if operation == "PutImage":
            self._changing += 1
            threading.Event().wait(_A_MOMENT)  # on a trial, sleeping takes no time
            answer = self._reference(request)
            self._changing -= 1
            return answer
        answer = self._reference(request)
        busy = self._changing and operation == "DescribeImages" and answer.status == 200
        return with_members(answer, {"imageDetails": []}) if busy else answer

    def close(self) -> None:
        """Nothing is open."""


@broken_transport(condemned_by=["images.listed-beside-changes"])
def a_listing_is_empty_meanwhile(reference: Connection) -> Connection:
    """DescribeImages gives nothing while PutImage writes its list anew."""
    return _Rebuilding(reference)
