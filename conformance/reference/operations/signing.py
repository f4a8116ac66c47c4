"""Managed signing: which images are signed as they are pushed, and with what.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html

No signature is made here: what AWS would sign counts as signed at once, every profile exists, and
everyone may use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import named_image
from conformance.reference.operations.wildcards import fits
from conformance.reference.refusal import Refusal
from conformance.reference.state import Image, Registry

Rule = Mapping[str, Any]
"""A ``SigningRule`` (API_SigningRule)."""


def put_signing_configuration(registry: Registry, given: Parameters, _: Call) -> Outcome:
    """Put a configuration in place of any other; it may be one without rules.

    "Creates or updates the registry's signing configuration" (API_PutSigningConfiguration).
    """
    configuration = given["signingConfiguration"]
    configured = registry.set(signing=tuple(configuration["rules"]))
    return configured, {"signingConfiguration": configuration}


def get_signing_configuration(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """The configuration as it was put.

    "Retrieves the registry's signing configuration" (API_GetSigningConfiguration).
    """
    return registry, _answer(registry, call)


def delete_signing_configuration(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """Delete the configuration, and answer with it.

    "Deleting the signing configuration does not affect existing image signatures"
    (API_DeleteSigningConfiguration).
    """
    return registry.set(signing=None), _answer(registry, call)


def describe_image_signing_status(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """One status for each profile that an image was signed with, and none without any.

    "If the image matched signing rules that reference different signing profiles, a status is
    returned for each profile" (API_DescribeImageSigningStatus). ``imageId`` has the digest, and the
    tag that was asked for.
    """
    repository = existing(registry, given["repositoryName"], call)
    image = named_image(repository, given["imageId"], call)
    statuses = [
        {"signingProfileArn": profile, "status": "COMPLETE"} for profile in image.signing_profiles
    ]
    answer = {
        **named(repository, call),
        "imageId": {**given["imageId"], "imageDigest": image.digest},
        "signingStatuses": statuses,
    }
    return registry, answer


def signed(image: Image, registry: Registry, repository: str) -> Image:
    """An image that is pushed to a repository, with what it is signed with then.

    "When an image is pushed to a matching repository, a signing job is created using the specified
    profile" (API_SigningRule). That an image which is pushed once more, with another tag, is signed
    by the rules of then is not documented.
    """
    wanted = [
        rule["signingProfileArn"]
        for rule in registry.settings.signing or ()
        if _matches(rule, repository)
    ]
    return replace(image, signing_profiles=tuple(dict.fromkeys([*image.signing_profiles, *wanted])))


def _matches(rule: Rule, repository: str) -> bool:
    """Whether a rule is about a repository; of several filters one is enough.

    "If no filters are specified, all images pushed to the registry are signed using the rule's
    signing profile" (API_SigningRule).
    """
    filters = rule.get("repositoryFilters")
    return not filters or any(fits(each["filter"], repository) for each in filters)


def _answer(registry: Registry, call: Call) -> Answer:
    """The configuration, or ``SigningConfigurationNotFoundException``.

    "The specified signing configuration was not found. This occurs when attempting to retrieve or
    delete a signing configuration that does not exist". The text is not public.
    """
    rules = registry.settings.signing
    if rules is None:
        raise Refusal(
            "SigningConfigurationNotFoundException",
            f"Signing configuration does not exist in the registry with id '{call.key.account}'",
        )
    return {"registryId": call.key.account, "signingConfiguration": {"rules": list(rules)}}
