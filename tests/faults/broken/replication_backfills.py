"""What can be wrong with replication backfills."""

from __future__ import annotations

from dataclasses import replace

from fault import (
    broken_answer,
    broken_operation,
    broken_transport,
    lenient,
    reference_with,
)

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Backfill, Registry
from conformance.targets import Connection

_START, _STOP = "StartReplicationBackfill", "StopReplicationBackfill"
_RESULTS, _LIST = "DescribeReplicationBackfillResults", "ListReplicationBackfills"


def _changed(registry: Registry, backfill: str, **changes: object) -> Registry:
    """The registry with some fields of a backfill changed."""
    backfills = registry.settings.backfills
    found: Backfill = backfills[backfill.lower()]
    return registry.set(backfills={**backfills, found.id: replace(found, **changes)})


@broken_answer(_START, condemned_by=["registry.backfill-started"])
def the_destination_is_the_registry(answer: Answer, given: Parameters) -> None:
    """StartReplicationBackfill answers with a destination in the registry's own Region."""
    answer["destination"]["region"] = "us-east-1"


@broken_answer(_START, condemned_by=["registry.backfill-preparing"])
def a_backfill_is_in_progress_at_once(answer: Answer, given: Parameters) -> None:
    """StartReplicationBackfill answers with the status IN_PROGRESS."""
    answer["status"] = "IN_PROGRESS"


@broken_answer(_START, condemned_by=["registry.backfill-started-at"])
def a_backfill_starts_in_local_time(answer: Answer, given: Parameters) -> None:
    """The startedAt of a new backfill is the local time, taken for UTC."""
    answer["startedAt"] += 7200


@broken_operation(_START, condemned_by=["registry.backfill-destination-configured"])
def any_destination_will_do(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartReplicationBackfill takes a destination that no rule has."""
    none = [{"filter": "no-such-prefix", "filterType": "PREFIX_MATCH"}]
    rule = {"destinations": [given["destination"]], "repositoryFilters": none}
    rules = (*registry.settings.replication, rule)
    started, answer = right(registry.set(replication=rules), given, call)
    return started.set(replication=registry.settings.replication), answer


@broken_operation(
    _START,
    condemned_by=["registry.backfill-one-per-region", "registry.backfill-limit"],
)
def any_number_is_in_progress(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartReplicationBackfill starts another backfill, whatever is in progress."""
    started, answer = right(registry.set(backfills={}), given, call)
    both = {**registry.settings.backfills, **started.settings.backfills}
    return started.set(backfills=both), answer


@broken_operation(
    _START,
    condemned_by=["registry.backfill-ten-at-once"],
)
def five_are_in_progress_at_most(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartReplicationBackfill refuses a sixth backfill while five are in progress."""
    backfills = registry.settings.backfills.values()
    running = [each for each in backfills if not each.stopped and call.now < each.ends_at]
    if len(running) >= 5:
        raise Refusal("LimitExceededException", "five are in progress")
    return right(registry, given, call)


@broken_transport(condemned_by=["registry.backfill-again"])
def a_destination_has_one_backfill(reference: Connection) -> Connection:
    """StartReplicationBackfill starts one backfill for a rule and destination, and no other."""
    begun = set()

    def start(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        started, answer = right(registry, given, call)
        wanted = repr((registry.settings.replication, given["destination"]))
        if wanted in begun:
            raise Refusal("ReplicationBackfillInProgressException", "there was one")
        begun.add(wanted)
        return started, answer

    return reference_with(StartReplicationBackfill=start)


@broken_answer(
    _STOP,
    condemned_by=[
        "registry.backfill-stop-answers",
        "ecr.shapes.presence",
        "ecr.shapes.usual-members",
    ],
)
def stopping_answers_with_nothing(answer: Answer, given: Parameters) -> None:
    """StopReplicationBackfill answers with the id alone."""
    for member in ("destination", "status", "startedAt"):
        answer.pop(member)


@broken_operation(_STOP, condemned_by=["registry.backfill-stopped"])
def a_stopped_backfill_goes_on(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StopReplicationBackfill answers as if it had stopped the backfill."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation(_STOP, condemned_by=["registry.backfill-ended-not-stopped"])
def what_has_ended_is_stopped(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StopReplicationBackfill stops a backfill that has ended once more."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ReplicationBackfillInvalidStatusException":
            raise
    again = _changed(registry, given["replicationBackfillId"], ends_at=call.now + 1, stopped=False)
    return right(again, given, call)


@broken_operation(
    _RESULTS,
    _STOP,
    condemned_by=[
        "registry.backfill-unknown",
        "ecr.validation.describe-replication-backfill-results.valid",
        "ecr.validation.stop-replication-backfill.valid",
    ],
)
def an_unknown_backfill_is_invalid(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An id that no backfill has is an invalid parameter."""
    if given["replicationBackfillId"].lower() not in registry.settings.backfills:
        raise Refusal("InvalidParameterException", "no such backfill")
    return right(registry, given, call)


@broken_answer(_RESULTS, condemned_by=["registry.backfill-described"])
def a_backfill_has_another_id(answer: Answer, given: Parameters) -> None:
    """DescribeReplicationBackfillResults answers with an id of its own."""
    answer["replicationBackfillId"] = "11111111-1111-4111-8111-111111111111"


@broken_answer(_RESULTS, condemned_by=["registry.backfill-not-ended"])
def progress_is_zero_at_first(answer: Answer, given: Parameters) -> None:
    """A backfill that is PREPARING has progress: nothing of nothing."""
    counts = ("totalReplicationCount", "completedReplicationCount", "failedReplicationCount")
    if answer["status"] == "PREPARING":
        answer["progress"] = {**dict.fromkeys(counts, 0), "failureCodes": []}


@broken_answer(_RESULTS, condemned_by=["registry.backfill-ended", "ecr.shapes.usual-members"])
def a_backfill_never_ended(answer: Answer, given: Parameters) -> None:
    """DescribeReplicationBackfillResults never has an endedAt."""
    answer.pop("endedAt", None)


@broken_answer(
    _LIST,
    condemned_by=["registry.backfill-listed-after-its-end", "client.full-result-of-backfills"],
)
def what_has_ended_is_not_listed(answer: Answer, given: Parameters) -> None:
    """ListReplicationBackfills has only what is in progress."""
    answer["backfills"] = [each for each in answer["backfills"] if "endedAt" not in each]


@broken_answer(
    _LIST,
    condemned_by=[
        "registry.backfill-listed",
        "registry.backfill-listed-after-its-end",
        "ecr.shapes.presence",
    ],
)
def the_list_has_no_destinations(answer: Answer, given: Parameters) -> None:
    """ListReplicationBackfills has backfills without their destinations."""
    for each in answer["backfills"]:
        each["destination"] = {}


@broken_operation(_LIST, condemned_by=["registry.backfill-pages-complete"])
def the_last_of_a_page_is_lost(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A page of ListReplicationBackfills that is not the last lacks its last backfill."""
    changed, answer = right(registry, given, call)
    if "nextToken" in answer:
        answer["backfills"] = answer["backfills"][:-1]
    return changed, answer


@broken_operation(_LIST, condemned_by=["registry.backfill-pages-size"])
def a_page_has_room_for_two(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListReplicationBackfills gives two backfills at least."""
    least = {"maxResults": max(2, given["maxResults"])} if "maxResults" in given else {}
    return right(registry, {**given, **least}, call)


@broken_operation(_LIST, condemned_by=["registry.backfill-pages-default"])
def a_page_has_room_for_fifty(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListReplicationBackfills gives up to 50 backfills without maxResults."""
    return right(registry, {"maxResults": 50, **given}, call)


@lenient(
    condemned_by=[
        "registry.backfill-pages-bounds",
        "ecr.validation.list-replication-backfills.max",
    ]
)
def a_page_has_any_size(operation: str, breach: Breach) -> bool:
    """ListReplicationBackfills takes a maxResults of any size."""
    return operation == _LIST and breach.keyword == "maximum"


@broken_answer(_RESULTS, condemned_by=["registry.backfill-results"])
def a_page_has_one_result(answer: Answer, given: Parameters) -> None:
    """DescribeReplicationBackfillResults gives the first result, and no token to the others."""
    del answer["results"][1:]
    answer.pop("nextToken", None)


@broken_operation(
    _START, condemned_by=["registry.backfill-results-of-matching", "registry.backfill-count"]
)
def filters_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartReplicationBackfill replicates every repository."""
    rules = tuple({**each, "repositoryFilters": []} for each in registry.settings.replication)
    started, answer = right(registry.set(replication=rules), given, call)
    return started.set(replication=registry.settings.replication), answer


@broken_answer(_RESULTS, condemned_by=["registry.backfill-count", "registry.backfill-counts-agree"])
def images_count_and_not_tags(answer: Answer, given: Parameters) -> None:
    """The total of a backfill's progress counts an image once, however many tags it has."""
    if answer.get("progress"):
        images = {each["imageId"]["imageDigest"] for each in answer["results"]}
        answer["progress"]["totalReplicationCount"] = len(images)


@broken_answer(_RESULTS, condemned_by=["registry.backfill-counts-agree"])
def nothing_ever_completed(answer: Answer, given: Parameters) -> None:
    """The progress of a backfill that is complete has counts of 0 beside the total."""
    if answer.get("progress"):
        answer["progress"]["completedReplicationCount"] = 0


@broken_operation(_RESULTS, condemned_by=["registry.backfill-result-filter"])
def results_are_not_filtered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeReplicationBackfillResults does not heed resultStatusFilter."""
    rest = {name: value for name, value in given.items() if name != "resultStatusFilter"}
    return right(registry, rest, call)


@broken_operation(_RESULTS, condemned_by=["registry.backfill-results-pages"])
def a_page_has_all_results(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeReplicationBackfillResults does not heed maxResults."""
    rest = {name: value for name, value in given.items() if name != "maxResults"}
    return right(registry, rest, call)


@broken_answer(
    _RESULTS,
    condemned_by=["registry.backfill-results-pages", "client.full-result-of-backfills"],
)
def a_later_page_has_nothing(answer: Answer, given: Parameters) -> None:
    """A page of results that is not the first is empty."""
    if "nextToken" in given:
        answer["results"] = []


@broken_operation(_RESULTS, condemned_by=["registry.backfill-results-at-the-end"])
def results_are_there_at_once(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A backfill that is PREPARING has its results already."""
    changed, answer = right(registry, given, call)
    if answer["status"] == "PREPARING":
        backfill = registry.settings.backfills[given["replicationBackfillId"].lower()]
        answer["results"] = list(backfill.results)
    return changed, answer


@broken_answer(_RESULTS, condemned_by=["registry.backfill-sub-images"])
def every_result_has_sub_images(answer: Answer, given: Parameters) -> None:
    """Every result has a list of subImageFailureCodes."""
    for each in answer["results"]:
        each["subImageFailureCodes"] = []


@broken_operation(
    _START,
    _RESULTS,
    _STOP,
    condemned_by=[
        "registry.backfill-own-registry",
        "ecr.validation.describe-replication-backfill-results.valid",
        "ecr.validation.start-replication-backfill.valid",
        "ecr.validation.stop-replication-backfill.valid",
    ],
)
def a_named_registry_has_no_backfills(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Backfills are refused where the request has a registryId."""
    if "registryId" in given:
        raise Refusal("InvalidParameterException", "no registryId")
    return right(registry, given, call)


@broken_answer(_LIST, condemned_by=["registry.backfill-listed-not-ended"])
def progress_is_listed_at_first(answer: Answer, given: Parameters) -> None:
    """ListReplicationBackfills has the progress of a backfill that is PREPARING."""
    counts = {f"{what}ReplicationCount": 0 for what in ("total", "completed", "failed")}
    for each in answer["backfills"]:
        each.setdefault("progress", {**counts, "failureCodes": []})


@lenient(
    condemned_by=[
        "registry.backfill-results-bounds",
        "ecr.validation.describe-replication-backfill-results.max",
    ]
)
def a_page_of_results_has_any_size(operation: str, breach: Breach) -> bool:
    """DescribeReplicationBackfillResults takes a maxResults however large."""
    return operation == _RESULTS and (*breach.path, breach.keyword) == ("maxResults", "maximum")


@broken_operation(_RESULTS, condemned_by=["registry.backfill-results-default"])
def all_results_are_on_one_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeReplicationBackfillResults gives everything where maxResults is absent."""
    return right(registry, {"maxResults": 1000, **given}, call)


@broken_answer(_RESULTS, condemned_by=["registry.backfill-failure-codes"])
def every_failure_has_its_code(answer: Answer, given: Parameters) -> None:
    """DescribeReplicationBackfillResults tells a failure code for each failed image."""
    if "progress" in answer:
        answer["progress"]["failureCodes"] = ["AccessDenied", "AccessDenied"]
