"""moto, started from the installed package.

https://docs.getmoto.org/en/latest/docs/server_mode.html
"""

from __future__ import annotations

from conformance.targets.emulator import Emulator, Place, kind_of


def _arguments(place: Place) -> list[str]:
    return ["-H", "127.0.0.1", "-p", str(place.port)]


def _environment(_place: Place) -> dict[str, str]:
    return {}


KIND = kind_of(
    Emulator(
        product="moto",
        script="moto_server",
        module="moto.server",
        health="/moto-api/",
        settings=("MOTO_", "INITIAL_NO_AUTH_ACTION_COUNT"),
        arguments=_arguments,
        environment=_environment,
        command=lambda port: f"moto_server -p {port}",
    )
)
