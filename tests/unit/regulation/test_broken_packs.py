"""Broken regulations are refused: the file, the rule or table, and what would be right, in one sentence."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.community.roles import VISITORS, Role
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.policy_checks import REOPENERS
from infra.problems import CannotGoOnError
from infra.released import broken, check_regulations
from tests.api_desk import BASE_URL, api_desk, pool

SIMILAR_LADDER = (
    '[[ladders]]\nid = "x"\nreminders = [0.1]\nreminded = "handler"\noverdue = "handler"\nrungs = []\n'
)
SAME_ID = SIMILAR_LADDER.replace('"x"', '"ordinary"').replace("reminders", 'clocks = ["respond"]\nreminders')

BROKEN = [
    # file, what stands there, what somebody wrote instead, what the message says after the file's name
    ("S1", 'source = "S1"', 'source = "S9"', "rule S1-general: source 'S9' is unknown; right are S0, S1"),
    (
        "S1",
        'requirement = "C2"',
        'requirement = "Z99"',
        "rule S1-general: requirement 'Z99' is none; right is",
    ),
    ("S1", 'requirement = "C2"', 'requirement = "G25"', "rule S1-general: requirement 'G25' is none"),
    (
        "S1",
        'requirement = "C2"',
        'requirment = "C2"',
        "rules S1-general: .*`requirment`; right are id, clock",
    ),
    ("S1", 'kinds = ["complaint"', 'kind = ["complaint"', "rules S1-general.when: .*`kind`; right are kinds"),
    ("S1", '"S1-complex"', '""', "a rule has an empty id; each needs one of its own"),
    ("S1", "version = 2", "version = 0", "version is 0; right is 1 to"),
    ("S1", 'en = "Service measures (48 hours, 5 working days)"', 'en = ""', "the pack: it has no name in en"),
    ("S1", "amount = 48", "amount = 99999", "rule S1-general: A limit of 99999 hours .* a year at most"),
    ("S1", "amount = 5", "amount = 90000", "rule S1-complex: A limit of 90000 working_days"),
    (
        "S1",
        'why = "A general',
        'why = " " # ',
        "rule S1-general: source, requirement, why and why_zh must say",
    ),
    ("S3", "count = 2", "count = -1", "revisit S3-workmanship: count is -1; right is 0 to 5"),
    ("S3", "count = 2", "count = 50", "revisit S3-workmanship: count is 50; right is 0 to 5"),
    (
        "S3",
        'source = "S3"\nrequirement = "D2"',
        'source = "S7"\nrequirement = "D2"',
        "revisit S3-complaint: source",
    ),
    (
        "S3",
        "department_head = 0.60",
        "handler = 0.60",
        "sampling: role 'handler' is unknown; right are agent",
    ),
    ("S3", "department_head = 0.60", "company_head = 0.60", "sampling: role 'company_head' is unknown"),
    ("S2", 'sample_role = "manager"', 'sample_role = "duty"', "sampling: role 'duty' is unknown; right are"),
    ("S0", 'clock = "respond"', "clock = []", "rule S0-respond: clock is empty; right are respond, sign"),
    ("S0", 'kinds = ["complaint"]', "kinds = []", "rule S0-respond: kinds is empty, and would hold for all"),
    (
        "S0",
        "limit = {",
        'appointment = "replaces"\nlimit = {',
        "rule S0-respond: an agreed time is no deadline",
    ),
    ("demo", "[survey]", "[surveys]", "the pack: .*`surveys`; right are id, version, names, matters"),
    (
        "demo",
        'remind_after = { amount = 6, unit = "seconds" }',
        'remind_after = { amount = 6, unit = "working_days" }',
        "survey: remind_after: A working day has no length",
    ),
    (
        "common",
        "[[alerts]]",
        f"{SIMILAR_LADDER}\n[[alerts]]",
        "ladder ordinary contradicts ladder x: both hold",
    ),
    ("common", "[[alerts]]", f"{SAME_ID}\n[[alerts]]", "ladder ordinary is there twice"),
    (
        "common",
        'clocks = ["sign"]',
        "clocks = []",
        "ladder unsigned: clocks is empty, and would hold for all",
    ),
    ("common", "reminders = [0.5, 0.8]", "reminders = [nan]", "ladder ordinary: reminders come before"),
    ("common", "attempts = 3", "attempts = 0", "revisit_defaults: attempts is 0; right is 1 to 10"),
    (
        "common",
        'retry_after = { amount = 24, unit = "hours" }',
        'retry_after = { amount = 1, unit = "working_days" }',
        "revisit_defaults: retry_after: A working day has no length .* right are seconds, minutes",
    ),
    ("common", "low_rating = 2", "low_rating = 5", "survey: low_rating is 5; right is 1 to 4"),
    ("common", "link_days = 14", "link_days = -1", "survey: link_days is -1; right is 1 to 366"),
    (
        "common",
        'clocks = ["answer"',
        'clocks = ["sign"',
        "pause: clock 'sign' is unknown; right are answer, solve",
    ),
    (
        "common",
        'reasons = ["waiting_for_resident", ',
        'reasons = ["lunch", ',
        "pause: reason 'lunch' is unknown",
    ),
    (
        "common",
        "cap_working_days = 10",
        "cap_working_days = -5",
        "pause: cap_working_days is -5; right is more",
    ),
    (
        "common",
        "[extension]\ncount = 2",
        "[extension]\ncount = -1",
        "extension: count is -1; right is 0 to 10",
    ),
    (
        "common",
        "longest_working_days = 10",
        "longest_working_days = 0",
        "extension: longest_working_days is 0",
    ),
    (
        "common",
        'work_after = { amount = 4, unit = "hours", around_the_clock = false }',
        'work_after = { amount = 1, unit = "working_days", around_the_clock = false }',
        "appointments: work_after: a job takes minutes or hours",
    ),
    ("common", 'roles = ["resident", "agent"', 'roles = ["king", "agent"', "reopen: role 'king' is unknown"),
    ("common", "window_days = 30", "window_days = -1", "reopen: window_days is -1; right is 0 to"),
    ("common", "returns = 3", "returns = -1", "reopen: returns is -1; right is 0 to"),
    (
        "common",
        "registered_in_time = 0.90",
        "registered_in_time = 90",
        "targets: registered_in_time is 90; right",
    ),
    (
        "common",
        'order = ["duty", "department_head", "supervisor", "manager", "company_head"]',
        "order = []",
        "stand_ins: order is empty; name at least one",
    ),
    (
        "common",
        'urgencies = ["emergency"]\nroles',
        "roles",
        "alert 1: it is given for no case; name urgencies",
    ),
    (
        "common",
        'drain_blocked = "flows"',
        'drain = "flows"',
        "warranty: acceptance: matter 'drain' is unknown",
    ),
    (
        "common",
        'drain_blocked = "flows"',
        'drain_blocked = "dry"',
        "warranty: acceptance: manner 'dry' is unknown",
    ),
    ("common", "repair_months = 3", "repair_months = -3", "warranty: repair_months is -3; right is 0 to"),
    ("common", "years = 5", "years = -1\nseasons = 2", "warranty waterproofing: years is -1"),
    ("common", "[matters.leak_pipe]", '[matters."leak#1"]', "matter 'leak#1': an id has small letters"),
    ("common", 'en = "power cut"', 'en = ""', "matter power_outage: it has no name in en"),
    (
        "common",
        "within = { amount = 7",
        "within = { amount = 0",
        "appointments: within: A limit of 0 working_days",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The packs as they are, to be broken."""
    for file in FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / f"{file}.toml"
    text = path.read_text("utf-8")
    assert old in text, "the test breaks nothing"
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN, ids=[row[2][:40] for row in BROKEN])
def test_a_broken_file_is_named_with_what_would_be_right(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(RegulationError, match=rf"^{file}\.toml: {message}") as caught:
        RegulationFiles(folder).get("S1" if file == "common" else file)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("file", ["S1", "common"])
def test_a_desk_is_not_packaged_with_a_broken_file(folder: Path, file: str) -> None:
    change(folder, file, "amount = 48", "amount = 0")
    assert [sentence.partition(":")[0] for sentence in broken(folder)] == [f"{file}.toml"], "and no other"
    with pytest.raises(CannotGoOnError, match=rf"^{file}\.toml: rule [\w-]+: A limit of 0 hours"):
        check_regulations(folder)


def test_a_mistake_of_the_common_file_that_a_pack_replaces_is_no_harm_to_it(folder: Path) -> None:
    change(folder, "common", "low_rating = 2", "low_rating = 9")
    files = RegulationFiles(folder)
    assert files.get("demo").survey.low_rating == 2
    with pytest.raises(RegulationError, match=r"^common\.toml: survey: low_rating is 9"):
        files.get("S4")


def test_ladders_with_conditions_of_their_own_do_not_contradict(folder: Path) -> None:
    ladder = SIMILAR_LADDER.replace("reminders", 'clocks = ["respond"]\nurgencies = ["urgent"]\nreminders')
    change(folder, "common", "[[alerts]]", f"{ladder}\n[[alerts]]")
    assert list(broken(folder)) == []


def test_the_packs_are_sound() -> None:
    check_regulations()


def test_whom_a_pack_lets_reopen_and_revisit_the_life_cycle_lets_too() -> None:
    let_reopen = TABLE["reopen"].roles | TABLE["record_return"].roles
    assert {Role(role) for role in REOPENERS} | {Role.COMPANY_HEAD} == let_reopen, (
        "the head for a manager (G13)"
    )
    assert set(VISITORS) == TABLE["record_revisit"].roles


def test_a_broken_pack_takes_nothing_from_the_others_and_is_named_in_the_list(folder: Path) -> None:
    change(folder, "S2", 'unit = "minutes"', 'unit = "moments"')
    with api_desk() as desk:
        real = replace(desk.office.desk, regulations=RegulationFiles(folder))
        wiring.use(desk=real, notices=desk.office.stores.notices, identity=pool(), base_url=BASE_URL)
        found = desk.get("/v1/regulations").json_body
        assert [item["id"] for item in found["items"]] == ["S0", "S1", "S3", "S4", "default", "demo"]
        assert [pack["id"] for pack in found["broken"]] == ["S2"]
        assert found["broken"][0]["problem"].startswith("S2.toml: rules S2-water-power.limit.unit: ")
        assert desk.get("/v1/regulations/S1").status_code == 200
