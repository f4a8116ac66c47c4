"""Which operations there are so far, each with the function that is its specification."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.reference.call import Operation
from conformance.reference.operations import (
    account_settings,
    authorization,
    catalog,
    creation_templates,
    deleting,
    images,
    layers,
    lifecycle,
    policies,
    pull_through_cache,
    pull_time_exclusions,
    pushing,
    referrers,
    registries,
    registry_policies,
    registry_scanning,
    replication,
    replication_backfills,
    repositories,
    resource_tags,
    scanning,
    settings,
    signing,
    storage_class,
    tag_mutability,
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
    "ListTagsForResource": resource_tags.list_tags_for_resource,
    "PutImage": pushing.put_image,
    "SetRepositoryPolicy": policies.set_repository_policy,
    "TagResource": resource_tags.tag_resource,
    "UntagResource": resource_tags.untag_resource,
    "UploadLayerPart": uploads.upload_layer_part,
}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "ecr": {
        **_SHARED,
        "BatchGetImage": images.batch_get_image,
        "BatchGetRepositoryScanningConfiguration": (
            registry_scanning.batch_get_repository_scanning_configuration
        ),
        "CreatePullThroughCacheRule": pull_through_cache.create_pull_through_cache_rule,
        "CreateRepositoryCreationTemplate": creation_templates.create_repository_creation_template,
        "DeleteLifecyclePolicy": lifecycle.delete_lifecycle_policy,
        "DeletePullThroughCacheRule": pull_through_cache.delete_pull_through_cache_rule,
        "DeleteRegistryPolicy": registry_policies.delete_registry_policy,
        "DeleteRepositoryCreationTemplate": creation_templates.delete_repository_creation_template,
        "DeleteSigningConfiguration": signing.delete_signing_configuration,
        "DeregisterPullTimeUpdateExclusion": (
            pull_time_exclusions.deregister_pull_time_update_exclusion
        ),
        "DescribeImageReplicationStatus": replication.describe_image_replication_status,
        "DescribeImageScanFindings": scanning.describe_image_scan_findings,
        "DescribeImageSigningStatus": signing.describe_image_signing_status,
        "DescribePullThroughCacheRules": pull_through_cache.describe_pull_through_cache_rules,
        "DescribeRegistry": replication.describe_registry,
        "DescribeReplicationBackfillResults": (
            replication_backfills.describe_replication_backfill_results
        ),
        "DescribeRepositoryCreationTemplates": (
            creation_templates.describe_repository_creation_templates
        ),
        "GetAccountSetting": account_settings.get_account_setting,
        "GetAuthorizationToken": authorization.get_authorization_token,
        "GetDownloadUrlForLayer": layers.get_download_url_for_layer,
        "GetLifecyclePolicy": lifecycle.get_lifecycle_policy,
        "GetLifecyclePolicyPreview": lifecycle.get_lifecycle_policy_preview,
        "GetRegistryPolicy": registry_policies.get_registry_policy,
        "GetRegistryScanningConfiguration": registry_scanning.get_registry_scanning_configuration,
        "GetSigningConfiguration": signing.get_signing_configuration,
        "ListImageReferrers": referrers.list_image_referrers,
        "ListImages": images.list_images,
        "ListPullTimeUpdateExclusions": pull_time_exclusions.list_pull_time_update_exclusions,
        "ListReplicationBackfills": replication_backfills.list_replication_backfills,
        "PutAccountSetting": account_settings.put_account_setting,
        "PutImageScanningConfiguration": settings.put_image_scanning_configuration,
        "PutImageTagMutability": tag_mutability.put_image_tag_mutability,
        "PutLifecyclePolicy": lifecycle.put_lifecycle_policy,
        "PutRegistryPolicy": registry_policies.put_registry_policy,
        "PutRegistryScanningConfiguration": registry_scanning.put_registry_scanning_configuration,
        "PutReplicationConfiguration": replication.put_replication_configuration,
        "PutSigningConfiguration": signing.put_signing_configuration,
        "RegisterPullTimeUpdateExclusion": pull_time_exclusions.register_pull_time_update_exclusion,
        "StartImageScan": scanning.start_image_scan,
        "StartLifecyclePolicyPreview": lifecycle.start_lifecycle_policy_preview,
        "StartReplicationBackfill": replication_backfills.start_replication_backfill,
        "StopReplicationBackfill": replication_backfills.stop_replication_backfill,
        "UpdateImageStorageClass": storage_class.update_image_storage_class,
        "UpdatePullThroughCacheRule": pull_through_cache.update_pull_through_cache_rule,
        "UpdateRepositoryCreationTemplate": creation_templates.update_repository_creation_template,
        "ValidatePullThroughCacheRule": pull_through_cache.validate_pull_through_cache_rule,
    },
    "ecr-public": {
        **_SHARED,
        "DescribeImageTags": images.describe_image_tags,
        "DescribeRegistries": registries.describe_registries,
        "GetAuthorizationToken": authorization.get_public_authorization_token,
        "GetRegistryCatalogData": registries.get_registry_catalog_data,
        "GetRepositoryCatalogData": catalog.get_repository_catalog_data,
        "PutRegistryCatalogData": registries.put_registry_catalog_data,
        "PutRepositoryCatalogData": catalog.put_repository_catalog_data,
    },
}
"""By service and name."""
