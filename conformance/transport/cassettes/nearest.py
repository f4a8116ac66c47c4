"""Telling a request that was not recorded by the recorded one that is most like it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.matching import Key, key_of, parameters_of
from conformance.transport.exchange import Request

_SHOWN = 60
_DIFFERENCES = 4
_COMPARED = 2000
"""How many recorded requests are looked at: a message is not worth more."""


def tell_nearest(request: Request, recorded: Sequence[Interaction]) -> str:
    """One sentence: what was asked, which recorded request is nearest to it, and what differs."""
    wanted = key_of(request)
    keys = [key_of(each.request) for each in recorded[:_COMPARED]]
    same = [key for key in keys if key[0] == wanted[0]]
    if not same:
        asked = sorted({_name(key) for key in keys}) or ["nothing at all"]
        return f"{_name(wanted)} was not recorded, only {_list(asked)}"
    nearest = min(same, key=lambda key: len(_differences(wanted, key)))
    found = _differences(wanted, nearest)
    if not found:
        times = same.count(nearest)
        return f"{_name(wanted)} was recorded with these parameters {_count(times)}, and no more"
    told = "; ".join(found[:_DIFFERENCES])
    more = f"; and {len(found) - _DIFFERENCES} more" if len(found) > _DIFFERENCES else ""
    return f"{_name(wanted)} was not recorded with these parameters; the nearest: {told}{more}"


def _differences(wanted: Key, recorded: Key) -> list[str]:
    if wanted[1] == recorded[1]:
        return []
    one, other = parameters_of(wanted), parameters_of(recorded)
    if one is None or other is None:
        return [f"the body is {_shown(wanted[1])}, recorded is {_shown(recorded[1])}"]
    return [
        _difference(name, one, other)
        for name in sorted({*one, *other})
        if name not in one or name not in other or one[name] != other[name]
    ]


def _difference(name: str, wanted: Mapping[str, Any], recorded: Mapping[str, Any]) -> str:
    if name not in recorded:
        return f"{name} is {_shown(wanted[name])}, recorded is none"
    if name not in wanted:
        return f"{name} is missing, recorded is {_shown(recorded[name])}"
    return f"{name} is {_shown(wanted[name])}, recorded is {_shown(recorded[name])}"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _name(key: Key) -> str:
    return key[0].rpartition(".")[2] or key[0]


def _count(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
