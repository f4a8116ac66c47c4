"""What can be wrong with layers: uploaded, checked, downloaded."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.manifests import digest_of
from conformance.reference.state import Registry, Repository, Upload

ZEROS = "00000000-0000-4000-8000-000000000000"


@broken_operation(
    "InitiateLayerUpload",
    condemned_by=["layers.uploads-have-own-ids", "layers.uploads-apart"],
)
def one_upload_for_each_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """InitiateLayerUpload gives the upload that is under way in the repository, if there is one."""
    under_way = _repository(registry, given).uploads
    if not under_way:
        return right(registry, given, call)
    return registry, {"uploadId": next(iter(under_way)), "partSize": 10485760}


@broken_answer("InitiateLayerUpload", condemned_by=["layers.part-size"])
def parts_have_no_size(answer: Answer, given: Parameters) -> None:
    """InitiateLayerUpload answers with a partSize of 0."""
    answer["partSize"] = 0


@broken_answer(
    "UploadLayerPart",
    condemned_by=["layers.last-byte-received", "layers.last-byte-of-later-part"],
)
def the_last_byte_is_always_the_first(answer: Answer, given: Parameters) -> None:
    """UploadLayerPart answers with a lastByteReceived of 0."""
    answer["lastByteReceived"] = 0


@broken_answer(
    "UploadLayerPart",
    condemned_by=["layers.last-byte-received", "layers.last-byte-of-later-part"],
)
def bytes_are_counted_from_one(answer: Answer, given: Parameters) -> None:
    """UploadLayerPart answers with the number of bytes received."""
    answer["lastByteReceived"] += 1


@broken_answer("UploadLayerPart", condemned_by=["layers.last-byte-of-later-part"])
def the_last_byte_is_that_of_the_part(answer: Answer, given: Parameters) -> None:
    """UploadLayerPart counts the bytes of each part from 0."""
    answer["lastByteReceived"] -= given["partFirstByte"]


@broken_answer("UploadLayerPart", condemned_by=["layers.part-names-upload"])
def a_part_is_of_another_upload(answer: Answer, given: Parameters) -> None:
    """UploadLayerPart answers with an uploadId of zeros."""
    answer["uploadId"] = ZEROS


@broken_answer("CompleteLayerUpload", condemned_by=["layers.completion-names-upload"])
def a_completion_is_of_another_upload(answer: Answer, given: Parameters) -> None:
    """CompleteLayerUpload answers with an uploadId of zeros."""
    answer["uploadId"] = ZEROS


@broken_answer(
    "CompleteLayerUpload",
    condemned_by=["layers.digest", "layers.several-parts", "layers.uploads-apart"],
)
def the_digest_of_a_layer_is_in_capitals(answer: Answer, given: Parameters) -> None:
    """CompleteLayerUpload answers with a digest whose digits are capitals."""
    algorithm, _, digits = answer["layerDigest"].partition(":")
    answer["layerDigest"] = f"{algorithm}:{digits.upper()}"


@broken_operation("CompleteLayerUpload", condemned_by=["layers.several-parts"])
def all_parts_have_the_least_size(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Every part of a layer but the last has 5 MiB, as those of some clients do."""
    changed = right(registry, given, call)
    parts = _repository(registry, given).uploads[given["uploadId"]].parts
    if any(len(part) != 5 * 1024 * 1024 for part in parts[:-1]):
        raise Refusal("LayerPartTooSmallException", "a part does not have 5 MiB")
    return changed


@broken_operation("UploadLayerPart", condemned_by=["client.push", "layers.several-parts"])
def a_later_part_takes_the_place_of_the_first(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Of several parts, CompleteLayerUpload looks at the last alone."""
    changed, answer = right(registry, given, call)
    repository = _repository(changed, given)
    parts = repository.uploads[given["uploadId"]].parts
    if len(parts) == 1 or len(parts[0]) < 5 * 1024 * 1024:
        return changed, answer
    uploads = {**repository.uploads, given["uploadId"]: Upload(parts[-1:])}
    return changed.having(replace(repository, uploads=uploads)), answer


@broken_operation(
    "UploadLayerPart",
    condemned_by=[
        "layers.part-out-of-place-refused",
        "layers.last-valid-byte",
    ],
)
def parts_may_be_anywhere(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UploadLayerPart takes each part as the next one, wherever it says that it begins."""
    upload = _repository(registry, given).uploads.get(given["uploadId"])
    if upload is None or upload.size == given["partFirstByte"]:
        return right(registry, given, call)
    size = len(given["layerPartBlob"])
    moved = {"partFirstByte": upload.size, "partLastByte": upload.size + size - 1}
    changed, answer = right(registry, {**given, **moved}, call)
    return changed, {**answer, "lastByteReceived": given["partLastByte"]}


@broken_operation("UploadLayerPart", condemned_by=["layers.part-out-of-place-refused"])
def gaps_are_filled(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """UploadLayerPart takes a part that leaves a gap, but none that was sent already."""
    upload = _repository(registry, given).uploads.get(given["uploadId"])
    if upload is None or upload.size >= given["partFirstByte"]:
        return right(registry, given, call)
    return parts_may_be_anywhere(right, registry, given, call)


@broken_operation(
    "UploadLayerPart",
    condemned_by=["layers.part-of-unknown-upload-refused"],
)
def a_part_begins_an_upload(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UploadLayerPart begins an upload of any id that the repository does not know."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories or given["uploadId"] in repository.uploads:
        return right(registry, given, call)
    uploads = {**repository.uploads, given["uploadId"]: Upload()}
    begun = registry.having(replace(repository, uploads=uploads))
    try:
        return right(begun, given, call)
    except Refusal:
        return right(registry, given, call)


@broken_operation(
    "UploadLayerPart",
    "CompleteLayerUpload",
    condemned_by=[
        "layers.part-of-unknown-upload-refused",
        "layers.completing-unknown-upload-refused",
    ],
)
def uploads_are_of_the_whole_registry(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An upload that was begun in one repository goes on in every other."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    everywhere = {
        upload_id: upload
        for each in registry.repositories.values()
        for upload_id, upload in each.uploads.items()
    }
    uploads = {**everywhere, **repository.uploads}
    return right(registry.having(replace(repository, uploads=uploads)), given, call)


@broken_operation("CompleteLayerUpload", condemned_by=["layers.completing-unknown-upload-refused"])
def any_upload_can_be_completed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload of an unknown upload answers with the digest it was given."""
    repository = _repository(registry, given)
    known = given["uploadId"] in repository.uploads
    if known or repository.name not in registry.repositories:
        return right(registry, given, call)
    return registry, {
        "registryId": call.key.account,
        "repositoryName": repository.name,
        "uploadId": given["uploadId"],
        "layerDigest": given["layerDigests"][0],
    }


@broken_operation("CompleteLayerUpload", condemned_by=["layers.empty-upload-refused"])
def an_empty_upload_is_an_empty_layer(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload makes an empty layer of an upload without parts."""
    repository = _repository(registry, given)
    upload = repository.uploads.get(given["uploadId"])
    if upload is None or upload.parts:
        return right(registry, given, call)
    uploads = {**repository.uploads, given["uploadId"]: Upload((b"",))}
    return right(registry.having(replace(repository, uploads=uploads)), given, call)


@broken_operation("CompleteLayerUpload", condemned_by=["layers.wrong-digest-refused"])
def the_given_digest_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload stores a layer under its own digest whatever digest it is given."""
    upload = _repository(registry, given).uploads.get(given["uploadId"], Upload())
    digest = digest_of(b"".join(upload.parts))
    return right(registry, {**given, "layerDigests": [digest]}, call)


@broken_operation(
    "CompleteLayerUpload",
    condemned_by=["layers.wrong-digest-refused", "layers.refused-layer-not-stored"],
)
def the_given_digest_is_believed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload stores a layer under the digest it is given."""
    repository = _repository(registry, given)
    upload = repository.uploads.get(given["uploadId"])
    digest = given["layerDigests"][0]
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "InvalidLayerException" or upload is None:
            raise
        layers = {**repository.layers, digest: b"".join(upload.parts)}
        stored = registry.having(replace(repository, layers=layers))
        return stored, {
            "registryId": call.key.account,
            "repositoryName": repository.name,
            "uploadId": given["uploadId"],
            "layerDigest": digest,
        }


@broken_operation("CompleteLayerUpload", condemned_by=["layers.refused-layer-not-stored"])
def a_refused_layer_is_stored(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload stores a layer before it compares the digests."""
    repository = _repository(registry, given)
    upload = repository.uploads.get(given["uploadId"], Upload())
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "InvalidLayerException":
            layers = {**repository.layers, given["layerDigests"][0]: b"".join(upload.parts)}
            registry.repositories[repository.name] = replace(repository, layers=layers)
        raise


@broken_operation("CompleteLayerUpload", condemned_by=["layers.small-parts-refused"])
def parts_may_be_small(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload takes parts of any size."""
    repository = _repository(registry, given)
    upload = repository.uploads.get(given["uploadId"])
    if upload is None or not upload.parts:
        return right(registry, given, call)
    uploads = {**repository.uploads, given["uploadId"]: Upload((b"".join(upload.parts),))}
    return right(registry.having(replace(repository, uploads=uploads)), given, call)


@broken_operation("CompleteLayerUpload", condemned_by=["layers.same-layer-again-refused"])
def a_layer_is_taken_again(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """CompleteLayerUpload of a layer that is there already succeeds."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    changed, answer = right(registry.having(replace(repository, layers={})), given, call)
    new = changed.repositories[repository.name]
    whole = replace(new, layers={**repository.layers, **new.layers})
    return changed.having(whole), answer


@broken_operation(
    "BatchCheckLayerAvailability",
    condemned_by=[
        "layers.checked-in-their-repository",
        "layers.checked-size",
        "layers.malformed-digest-fails",
        "layers.several-checked-at-once",
        "layers.uploaded-is-available",
    ],
)
def layers_without_an_image_are_unavailable(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchCheckLayerAvailability finds no layer that no image refers to."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    known = {digest for image in repository.images.values() for digest in image.layers}
    layers = {digest: each for digest, each in repository.layers.items() if digest in known}
    _, answer = right(registry.having(replace(repository, layers=layers)), given, call)
    return registry, answer


@broken_answer(
    "BatchCheckLayerAvailability",
    condemned_by=[
        "layers.checked-in-their-repository",
        "layers.several-checked-at-once",
        "layers.unknown-is-not-available",
        "shapes.usual-members",
    ],
)
def every_layer_is_available(answer: Answer, given: Parameters) -> None:
    """BatchCheckLayerAvailability finds every layer that it is asked about."""
    for each in answer["layers"]:
        each["layerAvailability"] = "AVAILABLE"


@broken_operation(
    "BatchCheckLayerAvailability",
    condemned_by=[
        "layers.checked-in-their-repository",
        "layers.malformed-digest-fails",
        "layers.several-checked-at-once",
        "layers.unknown-is-not-available",
        "validation.full-list",
        "validation.batch-check-layer-availability.valid",
    ],
)
def one_absent_layer_fails_the_call(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchCheckLayerAvailability is refused when one of the layers is not there."""
    _, answer = right(registry, given, call)
    absent = [each for each in answer["layers"] if each["layerAvailability"] != "AVAILABLE"]
    if absent or answer["failures"]:
        raise Refusal("InvalidParameterException", "a layer does not exist")
    return registry, answer


@broken_answer(
    "BatchCheckLayerAvailability",
    condemned_by=["layers.several-checked-at-once", "layers.checked-media-type"],
)
def only_the_first_layer_is_checked(answer: Answer, given: Parameters) -> None:
    """BatchCheckLayerAvailability tells of the first layer alone."""
    del answer["layers"][1:]


@broken_answer("BatchCheckLayerAvailability", condemned_by=["layers.checked-size"])
def layers_have_no_bytes(answer: Answer, given: Parameters) -> None:
    """BatchCheckLayerAvailability answers with a layerSize of 0."""
    for each in answer["layers"]:
        each["layerSize"] = 0


@broken_answer("BatchCheckLayerAvailability", condemned_by=["layers.checked-media-type"])
def layers_have_the_type_of_docker(answer: Answer, given: Parameters) -> None:
    """BatchCheckLayerAvailability answers with one mediaType, for configs too."""
    for each in answer["layers"]:
        each["mediaType"] = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@broken_answer("BatchCheckLayerAvailability", condemned_by=["layers.malformed-digest-fails"])
def malformed_digests_are_absent_layers(answer: Answer, given: Parameters) -> None:
    """BatchCheckLayerAvailability leaves out what is no digest."""
    answer["failures"] = []


@broken_operation(
    "BatchCheckLayerAvailability", condemned_by=["layers.checked-in-their-repository"]
)
def layers_are_of_the_whole_registry(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchCheckLayerAvailability finds the layers of every other repository."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    layers = {
        digest: content
        for each in registry.repositories.values()
        for digest, content in each.layers.items()
    }
    _, answer = right(registry.having(replace(repository, layers=layers)), given, call)
    return registry, answer


@broken_answer("GetDownloadUrlForLayer", condemned_by=["layers.download-url"])
def the_download_url_is_a_path(answer: Answer, given: Parameters) -> None:
    """GetDownloadUrlForLayer answers with a path without a host."""
    answer["downloadUrl"] = f"/v2/{given['repositoryName']}/blobs/{given['layerDigest']}"


@broken_answer("GetDownloadUrlForLayer", condemned_by=["layers.download"])
def the_download_url_leads_nowhere(answer: Answer, given: Parameters) -> None:
    """What the downloadUrl leads to is not there."""
    answer["downloadUrl"] += "0"


@broken_answer("GetDownloadUrlForLayer", condemned_by=["layers.download-url"])
def the_download_is_of_another_layer(answer: Answer, given: Parameters) -> None:
    """GetDownloadUrlForLayer answers with a layerDigest of zeros."""
    answer["layerDigest"] = f"sha256:{'0' * 64}"


@broken_operation(
    "GetDownloadUrlForLayer",
    condemned_by=[
        "layers.download-of-unknown-refused",
        "layers.download-of-unreferenced-refused",
    ],
)
def any_layer_can_be_downloaded(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetDownloadUrlForLayer makes a URL of whatever digest it is given."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "RepositoryNotFoundException":
            raise
    return registry, {
        "downloadUrl": f"{call.origin}/{given['layerDigest']}",
        "layerDigest": given["layerDigest"],
    }


@broken_operation("GetDownloadUrlForLayer", condemned_by=["layers.download-of-unknown-refused"])
def an_unknown_layer_is_inaccessible(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetDownloadUrlForLayer refuses an unknown layer as one that no image refers to."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "LayersNotFoundException":
            raise Refusal("LayerInaccessibleException", refusal.message) from None
        raise


@broken_operation(
    "GetDownloadUrlForLayer", condemned_by=["layers.download-of-unreferenced-refused"]
)
def layers_of_no_image_can_be_downloaded(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetDownloadUrlForLayer finds every layer that the repository holds."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "LayerInaccessibleException":
            raise
    return registry, {"downloadUrl": f"{call.origin}/layer", "layerDigest": given["layerDigest"]}


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository asked for, or an empty one where there is none."""
    name = given["repositoryName"]
    return registry.repositories.get(name, Repository(name, 0.0))


@broken_operation("UploadLayerPart", condemned_by=["layers.part-of-part-size"])
def a_part_is_smaller_than_told(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A part of more than 6 MiB is refused, though the partSize is larger."""
    if len(given["layerPartBlob"]) > 6 * 1024 * 1024:
        raise Refusal("InvalidLayerPartException", "the part is too large")
    return right(registry, given, call)
