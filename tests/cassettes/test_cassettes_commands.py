"""The commands about cassettes: what they hold, what is wrong with them, how two differ."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from in_process import run
from traffic import ENDPOINT, ORIGIN, network_client, recorded_calls, write

import conformance.vcr
from conformance.transport.cassettes import Cassette, Interaction
from conformance.transport.cassettes.recording import MANIFEST, Recording, cassette_path
from conformance.transport.cassettes.secrecy import without_secrets
from conformance.transport.exchange import Request, Response

TARGETS = {
    "ecr": "AmazonEC2ContainerRegistry_V20150921",
    "ecr-public": "SpencerFrontendService",
}
TARGET = {
    "name": "reference",
    "endpoint": ENDPOINT,
    "product": "reference",
    "version": "1",
    "region": "us-east-1",
    "consistency": "strong",
    "account": None,
    "command": None,
    "recording": None,
}
EXPLORATION = {"depth": 20, "budget": 30, "seed": 0}


def exchange(
    operation: str, parameters: dict[str, Any], answer: Any, *, status: int = 200, at: float = 0
) -> Interaction:
    """An exchange of ECR without anything secret."""
    headers = (("X-Amz-Target", f"{TARGETS['ecr']}.{operation}"),)
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    response = Response(status, (("Content-Type", "application/x-amz-json-1.1"),), body)
    request = Request("POST", f"{ENDPOINT}/", headers, json.dumps(parameters).encode())
    return Interaction(request, response, at=at)


def images(*tags: str, **members: Any) -> dict[str, Any]:
    """An answer of ListImages."""
    digests = [f"sha256:{number:064x}" for number in range(len(tags))]
    listed = [{"imageTag": t, "imageDigest": d} for t, d in zip(tags, digests, strict=True)]
    return {"imageIds": listed, **members}


def recording(folder: Path, **scenarios: tuple[Interaction, ...]) -> Path:
    """A recording of ours with these scenarios, whose names get ``ecr.`` before them."""
    Recording(ORIGIN, TARGET, EXPLORATION).write(folder)
    for name, interactions in scenarios.items():
        scenario = f"ecr.{name}"
        Cassette(interactions, scenario, ORIGIN).write(cassette_path(folder, scenario))
    return folder


def sample() -> tuple[Interaction, ...]:
    """Exchanges of the reference without secrets."""
    return without_secrets(recorded_calls()[1])


def test_a_recording_is_shown(tmp_path: Path) -> None:
    """Scenarios, operations, counts, sizes, origin and age of a folder are printed."""
    silent = Interaction(sample()[1].request, None, "timed out", at=2.5)
    folder = recording(tmp_path, one=sample(), two=(silent,))
    code, out, err = run("cassettes", "inspect", str(folder))
    assert (code, err) == (0, "")
    assert "ecr/one.json: 9 exchanges, " in out
    assert "ecr/two.json: 1 exchange, 1 without an answer, " in out
    assert "      3 ListImages" in out
    assert "reference 1 in us-east-1, recorded 2026-01-02T03:04:05.678Z by ecr-conformance 0" in out
    assert out.splitlines()[-1].startswith("2 cassettes, 10 exchanges, ")
    assert "days old" in out


def test_what_a_recording_holds_is_told_to_programs(tmp_path: Path) -> None:
    """The same in JSON, which keeps its schema: the command itself sees to that."""
    folder = recording(tmp_path, one=sample())
    code, out, _ = run("cassettes", "inspect", str(folder / "ecr" / "one.json"), "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert told["exchanges"] == 9
    assert told["operations"]["DescribeImages"] == 3
    assert told["origins"] == [ORIGIN.to_json()]
    assert told["cassettes"][0]["scenario"] == "ecr.one"
    assert told["cassettes"][0]["size"] == (folder / "ecr" / "one.json").stat().st_size


def test_a_foreign_cassette_is_shown(tmp_path: Path) -> None:
    """What another tool recorded has no origin, and is shown all the same."""
    stock = {"version": 1, "interactions": [sample()[0].to_json()]}
    (tmp_path / "stock.json").write_text(json.dumps(stock))
    code, out, _ = run("cassettes", "inspect", str(tmp_path))
    assert code == 0
    assert "stock.json: 1 exchange, " in out
    assert "of unknown origin" in out
    assert (
        json.loads(run("cassettes", "inspect", str(tmp_path), "--format", "json")[1])["age_days"]
        is None
    )


def problems(folder: Path, *options: str) -> list[str]:
    """The lines of `cassettes verify`, which exits with 1 where there are any."""
    code, out, err = run("cassettes", "verify", str(folder), *options)
    *lines, _count = out.splitlines()
    assert err == ""
    assert code == (1 if lines else 0)
    return lines


def test_a_recording_as_it_was_written_has_no_problem(tmp_path: Path) -> None:
    """What the reference answers, redacted, passes every check."""
    assert problems(recording(tmp_path, one=sample())) == []


def changed(path: Path, old: str, new: str) -> None:
    """Change a file by hand."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_cassette_that_was_changed_is_found_out(tmp_path: Path) -> None:
    """The digest covers answers and provenance, but not how the JSON is laid out."""
    folder = recording(tmp_path, one=sample(), two=sample())
    one, two = folder / "ecr" / "one.json", folder / "ecr" / "two.json"
    one.write_text(json.dumps(json.loads(one.read_text()), indent=3))
    assert problems(folder) == []
    changed(two, '"product": "reference"', '"product": "aws"')
    lines = problems(folder)
    assert [line.split()[0] for line in lines] == ["digest", "provenance"]
    assert all("two.json" in line for line in lines)
    assert "its product is aws, that of the recording reference" in lines[1]


def test_members_that_a_cassette_does_not_have_are_found_out(tmp_path: Path) -> None:
    """A cassette of ours keeps the schema of cassettes."""
    folder = recording(tmp_path, one=sample())
    changed(folder / "ecr" / "one.json", '"took": ', '"toook": 1, "took": ')
    assert {line.split()[0] for line in problems(folder)} == {"form", "digest"}


def test_a_cassette_in_another_scenarios_place_is_found_out(tmp_path: Path) -> None:
    """Where a cassette is, replay looks for its scenario."""
    folder = recording(tmp_path, one=sample())
    (folder / "ecr" / "one.json").rename(folder / "ecr" / "two.json")
    (line,) = problems(folder)
    assert line.startswith("manifest")
    assert "not where ecr.one belongs" in line


def test_cassettes_without_a_manifest_are_found_out(tmp_path: Path) -> None:
    """Without it nothing can replay them; a cassette by itself needs none."""
    folder = recording(tmp_path, one=sample())
    (folder / MANIFEST).unlink()
    (line,) = problems(folder)
    assert MANIFEST in line
    assert problems(folder / "ecr" / "one.json") == []


def test_a_cassette_of_no_scenario_is_out_of_place(tmp_path: Path) -> None:
    """A name that the suite cannot have is told, however long it is."""
    folder = recording(tmp_path, one=())
    for name in ("ecr." + "x" * 300, "../../../etc"):
        path = write(folder / "ecr" / "two.json", *sample(), scenario=name)
        assert [line.split()[0] for line in problems(folder)] == ["manifest"]
        path.unlink()


def test_cassettes_of_somebodys_tests_need_no_manifest(tmp_path: Path) -> None:
    """A folder of cassettes that are no recording of the suite is verified each by itself."""
    write(tmp_path / "tests" / "describe.json", *sample(), scenario="describe")
    assert problems(tmp_path) == []


def test_a_foreign_cassette_has_no_provenance(tmp_path: Path) -> None:
    """What nothing is known of is no recording to rely on."""
    stock = {"version": 1, "interactions": [sample()[0].to_json()]}
    (tmp_path / "stock.json").write_text(json.dumps(stock))
    (line,) = problems(tmp_path)
    assert line.startswith("provenance")


@pytest.mark.parametrize(
    ("interaction", "words"),
    [
        (exchange("ListImages", {}, {}), "imageIds is missing"),
        (exchange("ListImages", {}, {"imageIds": 7}), "ListImages: imageIds"),
        (exchange("ListImages", {}, b"<html>"), "the body is no JSON"),
        (exchange("ListImages", {}, {"message": "no"}, status=400), "__type is missing"),
    ],
)
def test_answers_that_aws_would_not_give_are_found_out(
    tmp_path: Path, interaction: Interaction, words: str
) -> None:
    """Every recorded answer is judged by the contract, unless it may be any."""
    folder = recording(tmp_path, one=(interaction, interaction))
    (line,) = problems(folder)
    assert line.startswith("contract")
    assert words in line
    assert "(and 1 more)" in line
    assert problems(folder, "--any-answer") == []


def test_answers_of_a_load_balancer_are_not_judged(tmp_path: Path) -> None:
    """What AWS puts before its services answers in HTML at times."""
    html = exchange("ListImages", {}, b"<html>", status=503)
    assert problems(recording(tmp_path, one=(html,))) == []


def test_secrets_that_are_left_are_found_out_and_not_repeated(tmp_path: Path) -> None:
    """A signature, a session token, an authorization token: told by where they are."""
    _, interactions = recorded_calls()
    folder = recording(tmp_path, one=interactions[6:7])
    lines = problems(folder)
    assert {line.split()[0] for line in lines} == {"secret"}
    assert any("the header Authorization of the request" in line for line in lines)
    assert any("the body of the answer" in line for line in lines)
    answer = interactions[6].response
    assert answer is not None
    token = json.loads(answer.body)["authorizationData"][0]["authorizationToken"]
    assert token not in "".join(lines)


def difference(tmp_path: Path, a: Path, b: Path) -> dict[str, Any]:
    """What `cassettes diff` tells programs; its exit code says whether there is any."""
    code, out, _ = run("cassettes", "diff", str(a), str(b), "--format", "json")
    told: dict[str, Any] = json.loads(out)
    assert code == (1 if told["differ"] else 0)
    return told


def pair(tmp_path: Path, a: tuple[Interaction, ...], b: tuple[Interaction, ...]) -> dict[str, Any]:
    """The difference of two recordings of one scenario."""
    one, other = recording(tmp_path / "a", one=a), recording(tmp_path / "b", one=b)
    return difference(tmp_path, one, other)


def test_what_the_same_calls_are_answered_later_does_not_differ(tmp_path: Path) -> None:
    """Times, request ids and tokens are others, and count for nothing."""
    told = pair(tmp_path, sample(), sample())
    assert (told["differ"], told["compared"]) == (False, 1)
    assert told["ignored"]


def test_a_changed_answer_is_shown_by_its_request(tmp_path: Path) -> None:
    """Where a member has another value, is gone or new, it stands there by its JSON Pointer."""
    before = exchange("ListImages", {"repositoryName": "app"}, images("v1", old=1))
    after = exchange("ListImages", {"repositoryName": "app"}, images("v2", new=[True]))
    told = pair(tmp_path, (before,), (after,))
    (found,) = told["scenarios"]["ecr/one"]
    assert (found["operation"], found["parameters"]) == ("ListImages", {"repositoryName": "app"})
    assert found["changes"] == [
        {"place": "/body/imageIds/0/imageTag", "a": "v1", "b": "v2"},
        {"place": "/body/old", "a": 1},
        {"place": "/body/new", "b": [True]},
    ]
    code, out, _ = run("cassettes", "diff", str(tmp_path / "a"), str(tmp_path / "b"))
    assert code == 1
    assert '  ListImages {"repositoryName": "app"}' in out
    assert '    /body/imageIds/0/imageTag: "v1" -> "v2"' in out
    assert "/body/old: 1 -> absent" in out


def test_an_answer_that_is_a_refusal_now_is_shown(tmp_path: Path) -> None:
    """Status and code of an error are part of an answer."""
    refusal = {"__type": "RepositoryNotFoundException", "message": "no"}
    told = pair(
        tmp_path,
        (exchange("ListImages", {}, images()),),
        (exchange("ListImages", {}, refusal, status=400),),
    )
    places = [change["place"] for change in told["scenarios"]["ecr/one"][0]["changes"]]
    assert places[0] == "/status"
    assert "/body/__type" in places


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # The order of a list.
        ([images("v1")], [images("v1")]),
        (
            [{"imageIds": [{"imageTag": "a"}, {"imageTag": "b"}]}],
            [{"imageIds": [{"imageTag": "b"}, {"imageTag": "a"}]}],
        ),
        # A poll that took another number of requests.
        ([images(), images(), images("v1")], [images(), images("v1")]),
        # Throttling.
        ([images()], [{"__type": "ThrottlingException", "message": "slow"}, images()]),
    ],
)
def test_what_differs_from_run_to_run_does_not_count(
    tmp_path: Path, a: list[Any], b: list[Any]
) -> None:
    """The order of lists, the number of attempts and throttling are no drift."""

    def interactions(answers: list[Any]) -> tuple[Interaction, ...]:
        return tuple(
            exchange("ListImages", {}, answer, status=400 if "__type" in answer else 200)
            for answer in answers
        )

    assert pair(tmp_path, interactions(a), interactions(b))["differ"] is False


def listing(*pages: tuple[str, ...], token: str) -> tuple[Interaction, ...]:
    """A listing in pages; its tokens begin with ``token``."""
    exchanges = []
    for number, tags in enumerate(pages):
        asked = {"nextToken": f"{token}{number}"} if number else {}
        ids = [{"imageTag": tag} for tag in tags]
        last = number == len(pages) - 1
        more = {} if last else {"nextToken": f"{token}{number + 1}"}
        exchanges.append(exchange("ListImages", asked, {"imageIds": ids, **more}))
    return tuple(exchanges)


def test_pages_are_compared_as_one_listing(tmp_path: Path) -> None:
    """Which items are on which page is open; which there are at all is not."""
    one = listing(("a", "b"), ("c",), token="tokens-of-one-")
    other = listing(("c", "a"), ("b",), token="tokens-of-two-")
    assert pair(tmp_path, one, other)["differ"] is False
    lacking = listing(("c", "a"), ("d",), token="tokens-of-two-")
    assert pair(tmp_path, one, lacking)["differ"] is True


def listed(*names: str) -> tuple[Interaction, ...]:
    """A listing of all repositories."""
    repositories = [{"repositoryName": name} for name in names]
    return (exchange("DescribeRepositories", {}, {"repositories": repositories}),)


def test_repositories_of_others_do_not_count(tmp_path: Path) -> None:
    """What else a registry holds differs from day to day; what the run itself made does not."""
    one, other = listed("ecrc-00000000-1", "app"), listed("nginx", "redis", "ecrc-00000000-1")
    assert pair(tmp_path, one, other)["differ"] is False
    assert pair(tmp_path, one, listed("app"))["differ"] is True


def test_where_a_logo_is_does_not_count(tmp_path: Path) -> None:
    """A service puts a logo at an address of its own making; whether there is one counts."""

    def shown(catalog_data: dict[str, str]) -> tuple[Interaction, ...]:
        return (exchange("GetRepositoryCatalogData", {}, {"catalogData": catalog_data}),)

    one, other = ({"logoUrl": f"https://example.com/{name}.png"} for name in ("one", "other"))
    assert pair(tmp_path, shown(one), shown(other))["differ"] is False
    assert pair(tmp_path, shown(one), shown({}))["differ"] is True


def refused_to(role: str, account: str) -> tuple[Interaction, ...]:
    """A refusal that tells who asked, and names a repository of another account."""
    who = f"arn:aws:sts::123456789012:assumed-role/{role}/{role}-session"
    what = f"arn:aws:ecr:us-east-1:{account}:repository/a"
    message = f"User: {who} is not authorized to perform: ecr:ListImages on resource: {what}"
    refusal = {"__type": "AccessDeniedException", "message": message}
    return (exchange("ListImages", {}, refusal, status=400),)


def test_who_asked_does_not_count(tmp_path: Path) -> None:
    """What each recording replaces in its own way is no difference, but what is said of it is."""
    one = refused_to("xYzzy", "813253464758")
    assert pair(tmp_path, one, refused_to("aBcde", "924364575869"))["differ"] is False
    assert pair(tmp_path, one, refused_to("ecrc-00000000-1", "813253464758"))["differ"] is True


def test_repositories_of_somebodys_tests_count(tmp_path: Path) -> None:
    """In cassettes that are no recording of the suite every repository is theirs."""
    one = write(tmp_path / "a" / "describe.json", *listed("app", "nginx"))
    other = write(tmp_path / "b" / "describe.json", *listed("app"))
    assert difference(tmp_path, one, other)["differ"] is True
    assert difference(tmp_path, one, one)["differ"] is False


def test_made_up_ids_are_the_same_wherever_they_stand(tmp_path: Path) -> None:
    """An upload's id in requests and messages does not make another request of it."""

    def upload(upload_id: str) -> tuple[Interaction, ...]:
        refusal = {"__type": "UploadNotFoundException", "message": f"no {upload_id} here"}
        asked = {"uploadId": upload_id, "layerDigests": ["sha256:" + "0" * 64]}
        return (
            exchange("InitiateLayerUpload", {}, {"uploadId": upload_id, "partSize": 5}),
            exchange("CompleteLayerUpload", asked, refusal, status=400),
        )

    assert pair(tmp_path, upload("upload-of-a"), upload("another-of-b"))["differ"] is False


def test_requests_of_one_recording_alone_are_shown(tmp_path: Path) -> None:
    """What only one of the two asked is named with its side, as are scenarios."""
    a = recording(tmp_path / "a", one=(exchange("ListImages", {"x": 1}, images()),), gone=())
    b = recording(tmp_path / "b", one=(exchange("ListImages", {"x": 2}, images()),), new=())
    told = difference(tmp_path, a, b)
    assert (told["only_a"], told["only_b"]) == (["ecr/gone"], ["ecr/new"])
    assert [(each["parameters"], each["only"]) for each in told["scenarios"]["ecr/one"]] == [
        ({"x": 1}, "a"),
        ({"x": 2}, "b"),
    ]


def test_two_files_are_compared_whatever_they_are_called(tmp_path: Path) -> None:
    """A cassette is compared with another one, also where only one of them is of ours."""
    ours = write(tmp_path / "ours.json", *sample())
    stock = {"version": 1, "interactions": [each.to_json() for each in sample()]}
    theirs = tmp_path / "theirs.json"
    theirs.write_text(json.dumps(stock))
    assert difference(tmp_path, ours, theirs)["differ"] is False


def test_imported_cassettes_pass_verification_and_play(tmp_path: Path) -> None:
    """What `cassettes import` writes has a provenance and no secret, and plays in vcrpy."""
    import vcr

    source = tmp_path / "stock.json"
    _, interactions = recorded_calls()
    stock = {"version": 1, "interactions": [each.to_json() for each in interactions]}
    source.write_text(json.dumps(stock))
    code, out, _ = run("cassettes", "import", str(source), "--output", str(tmp_path / "imported"))
    assert code == 0
    written = tmp_path / "imported" / "stock.json"
    assert out == f"{written}: 9 exchanges of vcrpy\n"
    assert problems(tmp_path / "imported") == []
    assert "imported from vcrpy stock.json" in run("cassettes", "inspect", str(written))[1]
    player = conformance.vcr.register(vcr.VCR(record_mode="none", serializer="json"))
    with player.use_cassette(str(written)):
        answer = network_client().create_repository(repositoryName="app")
    assert answer["repository"]["repositoryName"] == "app"


def test_imports_do_not_overwrite_each_other_or_a_recording(tmp_path: Path) -> None:
    """Two sources of one name, and a folder with a recording of its own, are wrong usage."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "same.json", *sample())
    sources = [str(tmp_path / folder / "same.json") for folder in ("a", "b")]
    code, _, err = run("cassettes", "import", *sources, "--output", str(tmp_path / "out"))
    assert code == 4
    assert "several recordings would be" in err
    assert not (tmp_path / "out").exists()
    folder = recording(tmp_path / "recording", one=sample())
    code, _, err = run("cassettes", "import", sources[0], "--output", str(folder))
    assert code == 4
    assert "has a recording of its own" in err


def test_a_recording_of_another_seed_is_no_part_of_the_folder(tmp_path: Path) -> None:
    """Cassettes of different runs do not mix unnoticed."""
    folder = recording(tmp_path, one=sample())
    other = replace(ORIGIN, seed=7)
    Cassette(sample(), "ecr.two", other).write(cassette_path(folder, "ecr.two"))
    (line,) = problems(folder)
    assert "its seed is 7, that of the recording 0" in line
