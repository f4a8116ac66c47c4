"""Pushing an image with boto3, as a client of a registry does it."""

from __future__ import annotations

from typing import Any

from conformance.suite.artifacts import Blob, Manifest


def upload(client: Any, repository: str, blob: Blob) -> str:
    """Upload a layer in one part; gives the digest it is stored under."""
    upload_id = client.initiate_layer_upload(repositoryName=repository)["uploadId"]
    client.upload_layer_part(
        repositoryName=repository,
        uploadId=upload_id,
        partFirstByte=0,
        partLastByte=len(blob.content) - 1,
        layerPartBlob=blob.content,
    )
    completed = client.complete_layer_upload(
        repositoryName=repository, uploadId=upload_id, layerDigests=[blob.digest]
    )
    digest: str = completed["layerDigest"]
    return digest


def push(client: Any, repository: str, manifest: Manifest, *tags: str) -> None:
    """Upload what a manifest refers to, and put it under each tag, or once without any."""
    for blob in manifest.blobs:
        upload(client, repository, blob)
    for tag in tags or (None,):
        tagged = {} if tag is None else {"imageTag": tag}
        client.put_image(repositoryName=repository, imageManifest=manifest.text, **tagged)
