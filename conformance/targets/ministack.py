"""MiniStack, started from the installed package.

https://pypi.org/project/ministack/
"""

from __future__ import annotations

from conformance.targets.emulator import Emulator, Place, kind_of


def _arguments(_place: Place) -> list[str]:
    return []


def _environment(place: Place) -> dict[str, str]:
    """The settings (read in ``ministack/app.py`` and its ``core``) that keep it to itself."""
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(place.port),
        "MINISTACK_REGION": place.region,
        "LOG_LEVEL": "WARNING",
        # The listeners beside HTTP have fixed ports, so two instances could not run at once.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # At start it removes the containers of every MiniStack on this machine, which may
        # well be in use. Where there is no Docker socket, it leaves Docker alone.
        "DOCKER_HOST": f"unix://{place.folder / 'no-docker.sock'}",
        "PERSIST_STATE": "0",
        "STATE_DIR": str(place.folder / "state"),
        "S3_PERSIST": "0",
        "S3_DATA_DIR": str(place.folder / "s3"),
    }


KIND = kind_of(
    Emulator(
        product="ministack",
        script="ministack",
        module="ministack",
        health="/_ministack/health",
        settings=("MINISTACK_", "LOCALSTACK_", "EDGE_PORT", "SERVICES", "AUTH", "USE_SSL"),
        arguments=_arguments,
        environment=_environment,
        command=lambda port: f"GATEWAY_PORT={port} ministack",
    )
)
