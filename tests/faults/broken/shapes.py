"""What can be wrong with the shape of an answer: types, names, what is there and what is not."""

from __future__ import annotations

from fault import broken_answer

from conformance.reference.call import Answer, Parameters


@broken_answer(
    "DescribeImages",
    condemned_by=["client.pushed-at", "images.pushed-at", "shapes.types"],
)
def dates_are_text(answer: Answer, given: Parameters) -> None:
    """The imagePushedAt of an image is an ISO date."""
    for each in answer["imageDetails"]:
        each["imagePushedAt"] = "2024-07-10T22:29:00-05:00"


@broken_answer("DescribeImages", condemned_by=["shapes.types", "images.size"])
def sizes_are_text(answer: Answer, given: Parameters) -> None:
    """The imageSizeInBytes of an image is a text of digits."""
    for each in answer["imageDetails"]:
        each["imageSizeInBytes"] = str(each["imageSizeInBytes"])


@broken_answer("InitiateLayerUpload", condemned_by=["shapes.types", "layers.part-size"])
def the_part_size_is_text(answer: Answer, given: Parameters) -> None:
    """The partSize of an upload is a text of digits."""
    answer["partSize"] = str(answer["partSize"])


@broken_answer("PutImage", condemned_by=["shapes.presence"])
def a_pushed_image_has_no_registry(answer: Answer, given: Parameters) -> None:
    """PutImage leaves the registryId out."""
    del answer["image"]["registryId"]


@broken_answer("BatchDeleteImage", condemned_by=["shapes.presence"])
def empty_failures_are_left_out(answer: Answer, given: Parameters) -> None:
    """BatchDeleteImage leaves the failures out where there are none."""
    if not answer["failures"]:
        del answer["failures"]


@broken_answer(
    "DescribeRepositories",
    condemned_by=["repositories.encryption-described", "ecr.shapes.later-members"],
    services=["ecr"],
)
def encryption_is_unheard_of(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories answers as it did before there was encryptionConfiguration."""
    for each in answer["repositories"]:
        del each["encryptionConfiguration"]


@broken_answer(
    "CreateRepository",
    "DescribeRepositories",
    condemned_by=["shapes.no-undocumented-members"],
)
def repositories_have_an_internal_id(answer: Answer, given: Parameters) -> None:
    """Repositories have a member that the service does not know."""
    for each in answer.get("repositories", [answer.get("repository", {})]):
        each["_id"] = 7


@broken_answer("DescribeImages", condemned_by=["shapes.no-undocumented-members"])
def names_are_in_snake_case_too(answer: Answer, given: Parameters) -> None:
    """DescribeImages gives the digest a second time, as image_digest."""
    for each in answer["imageDetails"]:
        each["image_digest"] = each["imageDigest"]


@broken_answer("DescribeRepositories", "DescribeImages", condemned_by=["shapes.no-nulls"])
def the_last_page_has_a_null_token(answer: Answer, given: Parameters) -> None:
    """Listings have a nextToken of null on the last page."""
    answer.setdefault("nextToken", None)
