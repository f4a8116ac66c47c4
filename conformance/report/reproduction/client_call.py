"""A request as a call of an AWS client, where a client can make it."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.transport.exchange import NotJson, Request, header, parse_json

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

__all__ = ["ClientCall", "client_call"]

_JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class ClientCall:
    """An operation with its parameters as boto3 takes them: blobs are bytes."""

    operation: str
    parameters: dict[str, Any]

    @property
    def method(self) -> str:
        """The name of the method in boto3."""
        return _word(self.operation)


def _word(name: str, separator: str = "_") -> str:
    from botocore import xform_name

    return str(xform_name(name, separator))


def option(name: str) -> str:
    """A member or operation as the AWS CLI calls it: ``get-download-url-for-layer``."""
    return _word(name, "-")


@lru_cache(maxsize=128)  # two scripts of a check need it, and other checks have the same request
def client_call(service: str, request: Request) -> ClientCall | None:
    """The call that sends this request, or ``None`` where no client can be brought to send it.

    That is malformed JSON, an unknown operation or member, another content type, method or path,
    and a string where the model has a list or structure.
    """
    operation = _operation(service, request)
    if operation is None:
        return None
    with suppress(NotJson, ValueError, TypeError, KeyError, AttributeError):
        sent = parse_json(request.body)
        parameters = _with_blobs(sent, operation)
        # Whether a client can is what its own serialiser says.
        if _canonical(_serialized(parameters, operation)) == _canonical(sent):
            return ClientCall(operation.name, parameters)
    return None


def _operation(service: str, request: Request) -> OperationModel | None:
    model = _model(service)
    prefix, _, name = (header(request.headers, "X-Amz-Target") or "").partition(".")
    address = urlsplit(request.url)
    usual = (
        request.method == "POST"
        and header(request.headers, "Content-Type") == _JSON
        and address.path in {"", "/"}
        and not address.query
        and prefix == model.metadata.get("targetPrefix")
    )
    return model.operation_model(name) if usual and name in model.operation_names else None


@lru_cache
def _model(service: str) -> ServiceModel:
    from botocore.session import get_session

    return get_session().get_service_model(service)


def _with_blobs(sent: Any, operation: OperationModel) -> dict[str, Any]:
    members = operation.input_shape.members if operation.input_shape else {}
    blobs = {name for name, shape in members.items() if shape.type_name == "blob"}
    return {
        name: base64.b64decode(value, validate=True) if name in blobs else value
        for name, value in sent.items()
    }


def _serialized(parameters: dict[str, Any], operation: OperationModel) -> Any:
    from botocore.serialize import create_serializer

    serializer = create_serializer("json", include_validation=False)
    return parse_json(serializer.serialize_to_request(parameters, operation)["body"])


def _canonical(value: Any) -> str:
    # Compared as text, because in Python 1 equals True and 1.0.
    return json.dumps(value, sort_keys=True)
