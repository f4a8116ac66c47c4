"""Which operations there are so far, each with the function that is its specification."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.reference.call import Operation
from conformance.reference.operations import (
    authorization,
    deleting,
    images,
    layers,
    policies,
    pushing,
    repositories,
    uploads,
)

_SHARED: Mapping[str, Operation] = {
    "BatchCheckLayerAvailability": layers.batch_check_layer_availability,
    "BatchDeleteImage": deleting.batch_delete_image,
    "CompleteLayerUpload": uploads.complete_layer_upload,
    "CreateRepository": repositories.create_repository,
    "DeleteRepository": repositories.delete_repository,
    "DeleteRepositoryPolicy": policies.delete_repository_policy,
    "DescribeImages": images.describe_images,
    "DescribeRepositories": repositories.describe_repositories,
    "GetRepositoryPolicy": policies.get_repository_policy,
    "InitiateLayerUpload": uploads.initiate_layer_upload,
    "PutImage": pushing.put_image,
    "SetRepositoryPolicy": policies.set_repository_policy,
    "UploadLayerPart": uploads.upload_layer_part,
}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "ecr": {
        **_SHARED,
        "BatchGetImage": images.batch_get_image,
        "GetAuthorizationToken": authorization.get_authorization_token,
        "GetDownloadUrlForLayer": layers.get_download_url_for_layer,
        "ListImages": images.list_images,
    },
    "ecr-public": {
        **_SHARED,
        "DescribeImageTags": images.describe_image_tags,
        "GetAuthorizationToken": authorization.get_public_authorization_token,
    },
}
"""By service and name."""
