"""Where service models are published: in botocore, installed or of any version, or on disk."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.contract.botocore_form import contract_of
from conformance.contract.lock import load_contract, locked_form
from conformance.contract.model import SERVICES, Contract
from conformance.errors import UsageError

LOCK = "lock"
"""What the contract lock is called where a source is named."""

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """One service as botocore publishes it.

    ``source`` says where, ``model`` is the document itself with AWS's prose, ``contract`` what it
    states, ``locked`` what the contract lock holds of it.
    """

    source: str
    model: Mapping[str, Any]
    contract: Contract
    locked: Mapping[str, Any]


def published_contracts(named: str) -> dict[str, Contract]:
    """The contracts of a source, by service: ``lock``, a botocore version, or a path on disk.

    Raises ``UsageError`` where there are none, or where that version cannot be had.
    """
    if named == LOCK:
        return {service: load_contract(service) for service in SERVICES}
    return {service: model.contract for service, model in published_models(named).items()}


def published_models(named: str) -> dict[str, PublishedModel]:
    """The service models of a botocore version or of a path on disk, by service.

    A path is a ``service-2.json``, its folder, or any folder of such folders as botocore has them
    (``<service>/<API version>/``). A version that is not installed is downloaded by pip.
    """
    if _VERSION.fullmatch(named):
        return installed_models() if named == _botocore().__version__ else _downloaded(named)
    path = Path(named)
    if not path.exists():
        raise UsageError(
            f"{named!r} is neither a botocore version nor a file or folder",
            hint=f"Name a version such as 1.44.5, a path, or {LOCK!r} for the contract lock.",
        )
    return _found(path, named)


@cache
def installed_models() -> dict[str, PublishedModel]:
    """The service models of the botocore that is installed, by service.

    A user's own models (``~/.aws/models``), which botocore would prefer, are not looked at.
    """
    botocore = _botocore()
    return _found(Path(botocore.__file__).parent / "data", f"botocore {botocore.__version__}")


def _botocore() -> Any:
    # Without stubs botocore has no types, with them it does.
    import botocore  # type: ignore[import-untyped,unused-ignore]

    return botocore


def _downloaded(version: str) -> dict[str, PublishedModel]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", folder, f"botocore=={version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            said = done.stderr.strip().splitlines() or ["no wheel"]
            raise UsageError(
                f"pip cannot download botocore {version}: {said[-1]}",
                hint="Is there such a version, and is the network there?",
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            starts = tuple(f"botocore/data/{service}/" for service in SERVICES)
            wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(starts)])
        return _found(Path(folder) / "botocore" / "data", f"botocore {version}")


def _found(path: Path, source: str) -> dict[str, PublishedModel]:
    """The newest model of each service that a path is, or holds."""
    found = {}
    for file in [path] if path.is_file() else sorted(_model_files(path)):
        document = _read(file)
        name = document.get("metadata", {}).get("signingName")
        if name in SERVICES:
            found[name] = _published(source, file, document)
    if not found:
        raise UsageError(
            f"{path} holds no service model of ECR or ECR Public",
            hint="Name a service-2.json, such as botocore has in botocore/data/ecr/, or a folder.",
        )
    return found


def _published(source: str, file: Path, model: dict[str, Any]) -> PublishedModel:
    pagination = _beside(file, "paginators-1").get("pagination", {})
    waiters = _beside(file, "waiters-2").get("waiters", {})
    try:
        return PublishedModel(
            source,
            model,
            contract_of(source, model, pagination, waiters),
            locked_form(source, model, pagination, waiters),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{file} is no service model as botocore ships them: {error!r}",
            hint="See botocore/data/ecr/ for what one looks like.",
        ) from error


def _model_files(folder: Path) -> Iterator[Path]:
    for depth in ("", "*/"):
        yield from folder.glob(f"{depth}service-2.json*")
    for service in SERVICES:
        yield from folder.glob(f"**/{service}/*/service-2.json*")


def _beside(file: Path, name: str) -> dict[str, Any]:
    found = sorted(file.parent.glob(f"{name}.json*"))
    return _read(found[0]) if found else {}


def _read(file: Path) -> dict[str, Any]:
    try:
        content = file.read_bytes()
        document = json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(f"cannot read {file}: {error}", "A service model is JSON.") from error
    if not isinstance(document, dict):
        raise UsageError(f"{file} is no service model", "A service model is a JSON object.")
    return document
