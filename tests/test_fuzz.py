"""What a fuzz campaign found stays mended, and a short one with fixed seeds finds nothing; see `tests/fuzz`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.orm.database import Transaction
from mockserver.orm.methods import crud
from tests.dialects.wire import DB, PASSWORD
from tests.fuzz import __main__ as command, episodes, machine, target as attacked
from tests.fuzz.campaign import CORPUS, Campaign, Judged, read_entry, replay
from tests.fuzz.machine import Course
from tests.fuzz.sent import JSON, Sent
from tests.fuzz.shrink import shrunk
from tests.fuzz.target import Target
from tests.fuzz.twin import KEPT, Twin, twin_of

ENTRIES = sorted(CORPUS.glob("*.json"))
TargetOf = Callable[[str], Target]


def call(model: str, method: str, args: list[Any]) -> Sent:
    """A call by JSON-RPC whose values are all of the right types."""
    params = {"service": "object", "method": "execute_kw", "args": [DB, 2, PASSWORD, model, method, args]}
    return Sent("/jsonrpc", media=JSON, body={"json": {"id": 1, "params": params}}, fair=True)


@pytest.fixture(scope="module")
def target_of() -> Iterator[TargetOf]:
    """The target of a profile, made once."""
    targets: dict[str, Target] = {}

    def get(profile: str) -> Target:
        if profile not in targets:
            targets[profile] = Target(profile)
        return targets[profile]

    yield get
    for target in targets.values():
        target.close()


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_what_was_found_is_mended(target_of: TargetOf, path: Path) -> None:
    entry = read_entry(path)
    twins = entry.key[0] == KEPT
    assert replay(target_of(entry.profile), entry.requests, entry.kind, twins=twins) == []


def test_a_short_campaign_finds_nothing(target_of: TargetOf, tmp_path: Path) -> None:
    told: list[object] = []
    report = Campaign(target_of("odoo-17.0"), seed=1, corpus=tmp_path, say=told.append).run(most=600)
    assert (report.findings, told) == ([], [])
    assert report.total >= 600


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-17.0"])
def test_documents_of_two_clients_stay_right(target_of: TargetOf, profile: str) -> None:
    target = target_of(profile)
    campaign = Campaign(target, seed=1, corpus=None, say=str)
    machine.play(1, target, Judged(campaign, "walk", 0))
    assert campaign.report.findings == []
    assert campaign.report.total >= 60


def test_the_same_seed_sends_the_same_requests(target_of: TargetOf) -> None:
    def sent(seed: int) -> list[Sent]:
        campaign = Campaign(target_of("odoo-17.0"), seed, None, say=str)
        for number in range(4):
            campaign.episode(number)
        return campaign.history

    assert sent(5) == sent(5)
    assert sent(5) != sent(6)


def test_a_twin_shows_what_the_database_keeps_wrongly(target_of: TargetOf) -> None:
    target = target_of("odoo-17.0")
    target.reset()
    search = call("res.partner", "search", [[("name", "=", "Azure Interior")]])
    children = call("res.partner", "read", [[1], ["child_ids"]])
    target.database.store.index("res.partner", "parent_id").add(1, 1)

    def found(sent: Sent) -> list[str]:
        twin = Twin(target, sent)
        return [finding.place for finding in twin.differences(target.send(sent))]

    assert found(search) == []
    assert found(call("res.partner", "create", [{"name": "New"}])) == []
    assert found(children) == ["res.partner.read"]
    target.database.store.forget_indexes("res.partner")
    assert found(children) == []
    assert twin_of(target.database).dump() == target.database.dump()


READ = call("res.partner", "read", [[1], ["name"]])
WRITE = call("res.partner", "write", [[1], {"name": False}])


def forgetful(*args: object) -> object:
    """What looks for a key that nobody has put there."""
    known: dict[str, object] = {}
    return known["forgotten"]


def test_an_error_of_our_own_is_found(target_of: TargetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_of("odoo-17.0")
    assert replay(target, [READ]) == []
    monkeypatch.setattr(crud, "read_rows", forgetful)
    (found,) = replay(target, [READ])
    assert found.key == ("error of Python", "KeyError in orm/methods/crud.py:read")


def test_an_answer_that_never_comes_is_found(target_of: TargetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*args: object) -> object:
        while True:
            pass

    monkeypatch.setattr(crud, "read_rows", endless)
    monkeypatch.setattr(attacked, "ENDLESS_SECONDS", 0.05)
    assert [finding.kind for finding in replay(target_of("odoo-17.0"), [READ])] == ["endless"]


def test_what_a_failed_call_leaves_behind_is_found(target_of: TargetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_of("odoo-17.0")
    assert replay(target, [WRITE]) == []
    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "_undo", lambda transaction: None)
        found = {finding.kind for finding in replay(target, [WRITE])}
    assert found == {"not undone", "check", "mandatory"}


def test_a_campaign_writes_the_shortest_requests(
    target_of: TargetOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = target_of("odoo-17.0")
    monkeypatch.setattr(crud, "read_rows", forgetful)

    def played(kind: str, random: object, target: Target, course: Course) -> None:
        course.begin()
        for one in (WRITE, READ, WRITE):
            course.send(one)

    monkeypatch.setattr(episodes, "play", played)
    campaign = Campaign(target, 1, tmp_path, say=str)
    campaign.episode(0)
    ((found, path),) = campaign.report.findings
    assert path is not None
    assert read_entry(path).key == found.key
    (request,) = read_entry(path).requests
    assert request.body["json"]["params"]["args"][3:] == ["res.partner", "read", [[]]]


def test_requests_are_shortened_to_those_that_matter() -> None:
    requests = [Sent(path, body={"json": {"a": [1, 2], "b": 3}}) for path in ("/1", "/2", "/3", "/4", "/5")]

    def shows(some: object) -> bool:
        assert isinstance(some, list)
        return {"/2", "/5"} <= {one.path for one in some} and all("a" in one.body["json"] for one in some)

    shortest = shrunk(requests, shows)
    assert [(one.path, one.body["json"]) for one in shortest] == [("/2", {"a": []}), ("/5", {"a": []})]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--replay", "nosuch.json"], "nosuch.json: No such file or directory"),
        (["--replay", "broken.json"], "broken.json is no file of a finding: JSONDecodeError: Expecting property name"),
        (["--replay", "list.json"], "list.json is no file of a finding: TypeError"),
        (["--replay", "other.json"], "other.json is no file of a finding: KeyError: 'requests'"),
        (["--shorten"], "--shorten is for --replay, which is not given"),
        (["--requests", "0"], "argument --requests: 0 is no number above 0"),
        (["--minutes", "nan"], "argument --minutes: nan is no number above 0"),
        (["--minutes", "x"], "argument --minutes: invalid float value: 'x'"),
    ],
)
def test_a_mistyped_option_of_a_campaign_is_one_line(
    options: list[str],
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in (("broken", "{"), ("list", "[]"), ("other", "{}")):
        Path(f"{name}.json").write_text(content)
    monkeypatch.setattr("sys.argv", ["python -m tests.fuzz", *options])
    with pytest.raises(SystemExit) as end:
        command.main()
    assert end.value.code == 2
    assert f"python -m tests.fuzz: error: {text}" in capsys.readouterr().err.splitlines()[-1]
