"""A contract with what AWS's of ECR have not: maps, shapes that contain themselves, odd numbers."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from conformance.contract import Contract, Member, Operation, Shape


def _shape(name: str, kind: str, **fields: Any) -> Shape:
    members = {each: Member(each, of) for each, of in fields.pop("members", {}).items()}
    nothing: dict[str, Any] = {
        **dict.fromkeys(("member", "key", "value", "minimum", "maximum", "pattern")),
        "required": (),
        "enum": (),
    }
    return Shape(name=name, type=kind, members=members, **{**nothing, **fields})


_SHAPES = (
    _shape(
        "Request",
        "structure",
        required=("labels",),
        members={"labels": "Labels", "tree": "Node", "ratio": "Ratio", "nested": "Nested"},
    ),
    _shape("Labels", "map", key="Label", value="Value", minimum=1, maximum=3),
    _shape("Nested", "map", key="Plain", value="Labels"),
    _shape("Label", "string", pattern="[a-z]+(-[a-z]+)?", minimum=3, maximum=20),
    _shape("Value", "string", maximum=8),
    _shape("Plain", "string"),
    _shape(
        "Node",
        "structure",
        required=("name",),
        members={"name": "Label", "children": "Nodes", "since": "Time"},
    ),
    _shape("Nodes", "list", member="Node", maximum=2),
    _shape("Ratio", "double", minimum=0, maximum=1),
    _shape("Time", "timestamp"),
    _shape("Answer", "structure"),
)

MADE = Contract(
    service="made",
    api_version="2000-01-01",
    target_prefix="Made",
    signing_name="made",
    source="a test",
    operations=MappingProxyType({"Make": Operation("Make", "made", "Request", "Answer", ())}),
    shapes=MappingProxyType({shape.name: shape for shape in _SHAPES}),
    paginators=MappingProxyType({}),
    waiters=MappingProxyType({}),
)
"""One operation, ``Make``."""
