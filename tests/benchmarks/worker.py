"""Measures one generator over some operations; a process of ``generation.py``, which explains it.

Reads a task as JSON from standard input and writes what it measured to standard output, so that it
can run in an environment where this package is not installed.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import strategies as st
from measuring import measure

Maker = Callable[[dict[str, Any]], st.SearchStrategy[Any]]


def ours(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The strategies of this project."""
    from conformance.contract import load_contract
    from conformance.contract.generators import from_shape

    return from_shape(load_contract(case["service"]), case["shape"])


def from_patterns_and_filters(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The naive mapping."""
    from naive import naive

    from conformance.contract import load_contract

    return naive(load_contract(case["service"]), case["shape"])


def from_json_schema(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """hypothesis-jsonschema."""
    from hypothesis_jsonschema import from_schema

    return from_schema(case["schema"])


def from_openapi(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """schemathesis, as its fuzzing phase makes valid bodies."""
    import schemathesis

    renamed = json.dumps(case["schema"]).replace("#/$defs/", "#/components/schemas/")
    body = {"schema": {"$ref": f"#/components/schemas/{case['shape']}"}}
    post = {
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": {"description": "done"}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Amazon ECR", "version": "1"},
        "paths": {"/": {"post": post}},
        "components": {"schemas": json.loads(renamed)["$defs"]},
    }
    operation = schemathesis.openapi.from_dict(document)["/"]["POST"]
    return operation.as_strategy().map(lambda made: made.body)


def floor(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """As many draws as ours made of each value, of numbers that are put into a list."""
    number = st.integers(0, 2**16 - 1)

    @st.composite
    def draws(draw: st.DrawFn) -> list[int]:
        return [draw(number) for _ in range(case["draws"])]

    return draws()


MAKERS: dict[str, Maker] = {
    "ours": ours,
    "naive": from_patterns_and_filters,
    "hypothesis-jsonschema": from_json_schema,
    "schemathesis": from_openapi,
    "floor": floor,
}


def _jsonable(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"no JSON for {value!r}")


def main() -> None:
    """Measure every case of the task."""
    task = json.load(sys.stdin)
    maker = MAKERS[task["generator"]]
    results = []
    for case in task["cases"]:
        try:
            measured = measure(lambda case=case: maker(case), task["budget"])
        except Exception as problem:  # noqa: BLE001 (a generator that fails is a result)
            results.append({"error": f"{type(problem).__name__}: {problem}"[:300]})
            continue
        results.append(
            {
                "seconds": measured.seconds,
                "draws": measured.draws,
                "values": measured.values,
            }
        )
    json.dump(
        {"hypothesis": hypothesis.__version__, "results": results}, sys.stdout, default=_jsonable
    )


if __name__ == "__main__":
    main()
