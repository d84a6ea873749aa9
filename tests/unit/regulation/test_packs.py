"""The packs: every row of table C under its own pack, `default` as the strictest, broken packs refused."""

import re
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.errors import InvalidInputError, RegulationError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import (
    COMPLEXITIES,
    KINDS,
    OURS,
    SEVERITIES,
    UNSORTED,
    URGENCIES,
    Facts,
    Rule,
)
from infra.released import release
from infra.stricter import ends
from infra.strictest import SEEDS, default_pack
from tests.table_c import (
    TABLE_C,
    complaint,
    days,
    hours,
    inquiry,
    minutes,
    repair,
    staffed_days,
    working_days,
)

FILES = RegulationFiles()
ITEMS = [
    "power_outage",
    "water_outage",
    "flooding",
    "drain_blocked",
    "leak_fixture",
    "leak_pipe",
    "seepage",
    "elevator",
    "lighting_lock",
    "door_window",
    "equipment_noise",
    "public_hazard",
    "public_other",
    "home_other",
    "fire",
    "medical",
    "crime",
    "poisoning",
    "traffic",
    "intruder_gate",
    "parking",
    "fire_lane",
    "high_toss",
    "cleaning",
    "garbage",
    "greening",
    "pests",
    "odour",
    "noise_public",
    "staff_attitude",
    "service_quality",
    "fee_dispute",
    "neighbour",
    "renovation_permit",
    "move_card",
    "fee_query",
    "activity",
    "delivery",
    "other",
]


def rule_of(pack: str, clock: Clock, facts: Facts) -> Rule | None:
    return next((rule for rule in FILES.get(pack).rules_for(facts) if rule.clock is clock), None)


@pytest.mark.req("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9")
@pytest.mark.req("C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17")
@pytest.mark.parametrize(("pack", "requirement", "facts", "clock", "limit"), TABLE_C)
def test_every_row_of_table_c_under_its_own_pack(
    pack: str, requirement: str, facts: Facts, clock: Clock, limit: Limit
) -> None:
    rule = rule_of(pack, clock, facts)
    assert rule is not None
    assert rule.limit == limit
    assert (rule.source, rule.requirement) == (pack, requirement)


def test_every_row_of_table_c_is_here() -> None:
    assert {requirement for _, requirement, *_ in TABLE_C} == {f"C{number}" for number in range(1, 18)}


def test_general_repair_has_no_time_on_site() -> None:
    assert rule_of("S4", Clock.ON_SITE, repair("door_window")) is None


@pytest.mark.req("C7", "B11")
def test_a_repair_in_the_home_is_done_by_the_time_agreed() -> None:
    rule = rule_of("S2", Clock.SOLVE, repair("home_other"))
    assert rule is not None
    assert rule.appointment == "within"


@pytest.mark.req("A7")
@pytest.mark.parametrize("pack", FILES.ids())
def test_every_pack_knows_all_matters_and_every_case_has_its_clocks(pack: str) -> None:
    regulation = FILES.get(pack)
    assert sorted(regulation.matters) == sorted([*ITEMS, UNSORTED])
    assert sorted(matter.id for matter in regulation.sortable) == sorted(ITEMS)
    for kind, matter, urgency in product(KINDS, ITEMS, URGENCIES):
        rules = regulation.rules_for(Facts(kind, matter, urgency, "general"))
        clocks = [rule.clock for rule in rules]
        assert len(clocks) == len(set(clocks)), "at most one a clock"
        assert {Clock.RESPOND, Clock.SIGN, Clock.SOLVE} <= set(clocks)


def test_there_are_the_five_the_strictest_and_the_demonstration() -> None:
    assert FILES.ids() == ("S0", "S1", "S2", "S3", "S4", "default", "demo")
    assert [FILES.get(pack_id).id for pack_id in FILES.ids()] == list(FILES.ids())


@pytest.mark.parametrize("pack", FILES.ids())
def test_every_rule_says_where_it_comes_from(pack: str) -> None:
    for rule in (*FILES.get(pack).rules, *FILES.get(pack).revisits.rules):
        allowed = {*SEEDS, OURS} if pack == "default" else {pack, OURS}
        assert rule.source in allowed
        assert re.fullmatch(r"[A-G]\d+", rule.requirement)
        assert rule.why.endswith(".")
        assert rule.why_zh.endswith("。"), "a Chinese manager reads the reason too"


def test_default_is_what_the_script_computes() -> None:
    written = (FOLDER / "default.toml").read_text(encoding="utf-8")
    assert written == default_pack(FILES), "run: python -m infra.strictest --write"


def test_default_is_the_strictest_of_the_five_for_every_case() -> None:
    """Told a second time, without the script's tables: under none of the five does a limit end before it."""
    default, packs = FILES.get("default"), [FILES.get(seed) for seed in SEEDS]
    for kind, matter, urgency, severity, complexity in product(
        KINDS, ITEMS, URGENCIES, SEVERITIES, COMPLEXITIES
    ):
        facts = Facts(kind, matter, urgency, severity, complexity)
        chosen = {rule.clock: rule for rule in default.rules_for(facts)}
        rivals = [rule for pack in packs for rule in pack.rules_for(facts)]
        for rule in rivals:
            assert ends(chosen[rule.clock].limit) <= ends(rule.limit), (facts, rule.id)
        for clock, rule in chosen.items():
            seeds = [ends(rival.limit) for rival in rivals if rival.clock == clock and rival.source != OURS]
            is_ours = not seeds or ends(rule.limit) < min(seeds)
            assert (rule.source == OURS) == is_ours, (facts, rule.id)


@pytest.mark.parametrize(
    ("facts", "clock", "limit", "source"),
    [
        (repair("lighting_lock"), Clock.SOLVE, staffed_days(0.5), "S2"),
        (repair("seepage"), Clock.SOLVE, hours(48), "S1"),
        (repair("seepage", "urgent"), Clock.SOLVE, hours(24), "S4"),
        (repair("home_other", complexity="complex"), Clock.SOLVE, hours(72), "S4"),
        (repair("public_other", complexity="complex"), Clock.SOLVE, hours(72), "S4"),
        (repair("flooding"), Clock.ON_SITE, minutes(10), "S2"),
        (complaint("staff_attitude", "serious"), Clock.SOLVE, days(2), "S2"),
        (complaint("garbage"), Clock.ANSWER, working_days(3), "S3"),
        (inquiry("fee_query"), Clock.SOLVE, minutes(30), "S2"),
        (complaint("cleaning"), Clock.RESPOND, hours(24), "S0"),
        (complaint("flooding", urgency="emergency"), Clock.RESPOND, minutes(5), OURS),
        (complaint("high_toss", urgency="urgent"), Clock.SOLVE, hours(24), OURS),
    ],
)
def test_what_the_default_pack_says(facts: Facts, clock: Clock, limit: Limit, source: str) -> None:
    rule = rule_of("default", clock, facts)
    assert rule is not None
    assert (rule.limit, rule.source) == (limit, source)


@pytest.mark.req("D2")
@pytest.mark.parametrize(
    ("facts", "count", "within"),
    [
        (complaint("garbage"), 1, working_days(5)),
        (complaint("seepage"), 2, working_days(5)),
        (complaint("service_quality"), 1, working_days(5)),
        (complaint("service_quality", "serious"), 2, working_days(5)),
        (repair("home_other"), 1, Limit(7, Unit.DAYS)),
        (repair("seepage"), 1, Limit(3, Unit.DAYS)),
        (repair("fire_lane"), 1, Limit(2, Unit.DAYS)),
        (Facts("praise", "other", "normal", "general"), 0, working_days(5)),
    ],
)
@pytest.mark.parametrize("pack", ["S3", "default"])
def test_revisits_due(pack: str, facts: Facts, count: int, within: Limit) -> None:
    rule = FILES.get(pack).revisit_rule_for(facts)
    assert (rule.count, rule.within) == (count, within)


@pytest.mark.req("D5", "D6", "A2", "E2")
def test_quotas_samples_and_targets_of_the_default_pack() -> None:
    default = FILES.get("default")
    quotas = {"manager": 0.1, "supervisor": 0.3, "department_head": 0.6}
    assert default.sampling.quotas == FILES.get("S3").sampling.quotas == quotas
    assert (default.sampling.sample_general, default.sampling.sample_serious) == (0.5, 1.0)
    assert (default.targets.registered_in_time, default.targets.overdue_at_most) == (0.9, 0.05)


@pytest.mark.req("A6", "B6")
@pytest.mark.parametrize("pack", FILES.ids())
def test_emergencies_and_serious_cases_are_told_at_once(pack: str) -> None:
    regulation = FILES.get(pack)
    assert regulation.told_at_once(Facts("help", "fire", "emergency", "general")) == ("duty", "supervisor")
    assert regulation.told_at_once(complaint("other", "serious")) == ("supervisor", "manager")
    assert regulation.told_at_once(Facts("help", "fire", "emergency", "serious")) == (
        "duty",
        "supervisor",
        "manager",
    )
    assert regulation.told_at_once(complaint("other")) == ()


@pytest.mark.req("G15")
def test_care_halves_the_limits_and_adds_a_check_on_the_same_day() -> None:
    regulation = FILES.get("S3")
    facts = Facts("complaint", "seepage", "normal", "general", care=True)
    rules = {rule.clock: rule for rule in regulation.rules_for(facts)}
    assert (rules[Clock.ANSWER].limit.amount, rules[Clock.ANSWER].requirement) == (3, "C3")
    assert regulation.care_share(rules[Clock.ANSWER], facts) == 0.5
    assert regulation.care_share(rules[Clock.INFORM], facts) == 1
    assert regulation.care_share(rules[Clock.ANSWER], complaint("seepage")) == 1
    assert rules[Clock.INFORM].limit == Limit(
        1, Unit.WORKING_DAYS, CountFrom.END_OF_DAY, around_the_clock=False
    )


@pytest.mark.req("G9")
def test_the_second_return_has_half_the_time() -> None:
    reopen = FILES.get("default").reopen
    assert [reopen.share_of_round(number) for number in (1, 2, 3, 4)] == [1.0, 1.0, 0.5, 0.5]


def test_the_demonstration_runs_on_seconds() -> None:
    for rule in FILES.get("demo").rules:
        assert rule.limit.unit is Unit.SECONDS
        assert rule.limit.elapsed() <= timedelta(minutes=2)


# refusing -------------------------------------------------------------------------------------------------


def test_an_unknown_pack_and_an_unknown_matter_name_what_exists() -> None:
    with pytest.raises(InvalidInputError, match=r"no regulation 'S9'; there are S0, S1"):
        FILES.get("S9")
    with pytest.raises(InvalidInputError, match="no regulation 'common'"):
        FILES.get("common")
    with pytest.raises(InvalidInputError, match="no regulation"):
        FILES.get("../regulations/S1")
    with pytest.raises(InvalidInputError, match=r"no matter 'lift'; it has activity, cleaning"):
        FILES.get("S1").matter("lift")
    with pytest.raises(InvalidInputError, match="no matter"):
        FILES.get("S1").rules_for(repair("lift"))
    with pytest.raises(InvalidInputError, match=r"no urgency 'asap'; there are emergency, urgent, normal"):
        repair("seepage", "asap")


RULE = """
[[rules]]
id = "mine"
clock = "solve"
when = { kinds = ["repair"] }
limit = { amount = 48, unit = "hours" }
source = "S1"
requirement = "C2"
why = "So."
why_zh = "如此。"
"""


LADDER = '[[ladders]]\nid = "x"\nreminders = []\nreminded = "handler"\noverdue = "handler"\n'


def broken(tmp_path: Path, pack: str, common: str | None = None) -> RegulationFiles:
    head = 'id = "mine"\nversion = 1\nnames = { zh-CN = "a", zh-TW = "b", en = "c" }\n'
    (tmp_path / "common.toml").write_text(common or (FOLDER / "common.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "mine.toml").write_text(head + pack, "utf-8")
    return RegulationFiles(tmp_path)


def test_a_good_pack_of_ones_own_is_read(tmp_path: Path) -> None:
    regulation = broken(tmp_path, RULE).get("mine")
    rules = {rule.clock: rule for rule in regulation.rules_for(repair("seepage"))}
    assert rules[Clock.SOLVE].id == "mine"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("hours", "fortnights"), r"rules mine\.limit\.unit: .*right are seconds, minutes, hours, days"),
        (('"solve"', '"finish"'), r"rules mine\.clock: .*right are respond, sign, on_site"),
        (("amount = 48", "amount = -1"), r"rule mine: .*must be more than 0"),
        (("amount = 48", "amount = 'soon'"), r"rules mine\.limit\.amount: Expected `float`"),
        (('"repair"', '"repairs"'), r"rule mine: kind 'repairs' is unknown; right are complaint, repair"),
        (("kinds", "matter"), r"rules mine\.when: .*unknown field `matter`"),
        (("kinds = [", 'matters = ["lift", '), r"rule mine: matter 'lift' is unknown; right are activity"),
        (('why = "So."', ""), r"rules mine: .*missing required field `why`"),
        (('why = "So."', 'why = ""'), r"rule mine: source, requirement, why and why_zh must say"),
        (('why_zh = "如此。"', ""), r"rules mine: .*missing required field `why_zh`"),
        (('"如此。"', '""'), r"rule mine: source, requirement, why and why_zh must say"),
        (('"mine"', '"ours-solve"'), r"rule ours-solve is there twice"),
        (('"hours"', '"hours'), "is not TOML"),
        (
            ('unit = "hours"', 'unit = "working_days", around_the_clock = true'),
            r"rule mine: Working days cannot run around the clock",
        ),
        (
            ('unit = "hours"', 'unit = "hours", count = "next_day"'),
            r"rule mine: Only working days can count from next_day",
        ),
        (("why", "becuase"), r"rules mine: .*unknown field `becuase`"),
        (
            ("[[rules]]", "[care]\nshare = 0.5\nhalf = true\n[[rules]]"),
            r"care: half is unknown; right are share",
        ),
        (
            ('unit = "hours" }', 'unit = "hours", around_the_clock = false }\nsafeguard = true'),
            "mine.toml: rule mine: danger does not wait for opening time",
        ),
    ],
)
def test_a_broken_pack_is_refused_with_file_rule_and_what_would_be_right(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    files = broken(tmp_path, RULE.replace(*change))
    with pytest.raises(RegulationError, match=message) as caught:
        [files.get(pack_id) for pack_id in files.ids()]
    assert caught.value.message.startswith("mine.toml")


def test_contradicting_rules_are_refused(tmp_path: Path) -> None:
    other = RULE.replace('"mine"', '"other"').replace("48", "24")
    with pytest.raises(RegulationError, match=r"mine.toml: rule mine contradicts rule other: .*differ"):
        broken(tmp_path, RULE + other).get("mine")
    apart = other.replace('["repair"]', '["help"]')
    assert broken(tmp_path, RULE + apart).get("mine").rules
    same = RULE.replace('"mine"', '"other"')
    assert broken(tmp_path, RULE + same).get("mine").rules, "two reasons for one limit are no contradiction"


@pytest.mark.parametrize(
    ("pack", "message"),
    [
        (
            "own_rules_only = true\nrevisits = []\n" + RULE,
            "no rule without conditions gives a limit to respond",
        ),
        (RULE + "[care]\nshare = 0\n", "care: share: a share of the limit is more than 0"),
        (
            '[[ladders]]\nid = "x"\nreminders = [1.5]\nreminded = "handler"\noverdue = "handler"\nrungs = []',
            "ladder x: reminders come before",
        ),
        (
            LADDER + 'rungs = [{ share = 2.0, role = "manager" }, { share = 1.5, role = "supervisor" }]',
            "ladder x: rungs come after the deadline, at shares above 1, each later",
        ),
        (
            '[[ladders]]\nid = "x"\nreminders = []\nreminded = "boss"\noverdue = "handler"\nrungs = []',
            "ladder x: role 'boss' is unknown; right are handler, duty",
        ),
        (
            LADDER + 'clocks = ["sign"]\nrungs = []',
            "no ladder without conditions",
        ),
    ],
)
def test_policies_that_cannot_be_are_refused(tmp_path: Path, pack: str, message: str) -> None:
    with pytest.raises(RegulationError, match=message):
        broken(tmp_path, pack).get("mine")


def test_a_pack_whose_name_is_not_its_files_is_refused(tmp_path: Path) -> None:
    files = broken(tmp_path, RULE)
    (tmp_path / "mine.toml").rename(tmp_path / "yours.toml")
    with pytest.raises(RegulationError, match=r"yours.toml: the id in it is 'mine'"):
        files.get("yours")


@pytest.mark.req("G2")
def test_a_case_finds_the_version_it_began_under(tmp_path: Path) -> None:
    files = broken(tmp_path, RULE)
    old = (tmp_path / "mine.toml").read_text("utf-8")
    assert release(tmp_path) == ["mine@1.json"]
    (tmp_path / "mine.toml").write_text(
        old.replace("version = 1", "version = 2").replace("48", "24"), "utf-8"
    )
    assert files.ids() == ("mine",)

    def solve_hours(version: int | None) -> float:
        rules = files.get("mine", version).rules_for(repair("seepage"))
        return next(rule.limit.amount for rule in rules if rule.clock is Clock.SOLVE)

    assert [solve_hours(version) for version in (None, 1, 2)] == [24, 48, 24]
    with pytest.raises(InvalidInputError, match="at version 2; its version 7 is not kept"):
        files.get("mine", 7)


def test_the_docs_list_all_that_is_ours() -> None:
    told = (Path(__file__).parents[3] / "docs" / "regulations.md").read_text("utf-8")
    for pack in FILES.ids():
        if pack != "demo":  # a demonstration promises nothing
            for rule in (*FILES.get(pack).rules, *FILES.get(pack).revisits.rules):
                assert rule.source != OURS or f"`{rule.id}`" in told, rule.id
