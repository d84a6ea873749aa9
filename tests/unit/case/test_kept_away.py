"""A complaint about a person, and those who are kept away from it (G13)."""

import pytest

from chalicelib.domain.case.about import NOBODY, About, named_in
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.kept_away import kept_away, kept_away_from
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError, NotFoundError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.intake.forms import ClassifyForm, IdentifyForm, MergeForm
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.workflows.executions import Execution
from chalicelib.services.workflows.tasks import Workflows
from tests.api_desk import ApiDesk, api_desk, report_body
from tests.browser import browsing, html
from tests.builders import MANAGER, SUPERVISOR, Office, community, office
from tests.sending import phone_of, send

PLACE = community()
EVERYBODY_BELOW = {
    "agent-1", "agent-2", "supervisor-1", "manager-1",
    *(f"{department}-{who}" for department in ("engineering", "security", "cleaning", "greenery", "desk")
      for who in ("head", "1", "2")),
}  # fmt: skip
COMPANY_HEAD = Actor(Role.COMPANY_HEAD, "company-head-1")


@pytest.fixture
def place() -> Office:
    return office()


def assigned(place: Office, case: Case) -> Case:
    """The case once the workflow has assigned it by the rules."""
    flows = Workflows(place.desk, place.stores.waiting, place.workflow)
    flows.assign(Execution(case.community, case.number, "dispatch", case.round, 0), 0)
    return place.case(case)


@pytest.mark.req("G13")
@pytest.mark.parametrize(
    ("person", "away"),
    [
        ("engineering-1", {"engineering-1", "engineering-head"}),
        ("engineering-head", {"engineering-head", "engineering-1", "engineering-2"}),
        ("agent-1", {"agent-1", "supervisor-1"}),
        ("supervisor-1", {"supervisor-1", "agent-1", "agent-2"}),
        ("manager-1", EVERYBODY_BELOW),
        ("company-head-1", {"company-head-1"}),
    ],
)
def test_the_line_of_a_person(person: str, away: set[str]) -> None:
    assert kept_away(About((person,)), "normal", PLACE) == away
    assert kept_away(About((person,)), "emergency", PLACE) == {person}


@pytest.mark.req("G13")
def test_whom_nobody_has_identified_may_be_anybody_but_a_judge() -> None:
    away = kept_away(About(unknown=True), "normal", PLACE)
    assert {"supervisor-1", "manager-1", "company-head-1"}.isdisjoint(away)
    assert {"agent-1", "engineering-1", "engineering-head"} <= away
    assert kept_away(About(unknown=True), "emergency", PLACE) == frozenset()
    assert kept_away(NOBODY, "normal", PLACE) == frozenset()


@pytest.mark.req("G13")
def test_somebody_is_left_to_judge() -> None:
    """A community without a company head: what is said of its only manager is not kept from everybody."""
    small = community(staff=tuple(person for person in PLACE.staff if person.role is not Role.COMPANY_HEAD))
    assert kept_away(About(("manager-1",)), "normal", small) == {"manager-1"}


@pytest.mark.req("G13")
def test_a_name_in_what_was_said_names_the_person() -> None:
    assert named_in(("前台那位安佳，态度很差", None), PLACE) == ("agent-1",)
    assert named_in(("前台那位，穿红衣服", ""), PLACE) == ()


@pytest.mark.req("G13")
@pytest.mark.parametrize(
    ("person", "handler"),
    [
        ("engineering-1", "supervisor-1"),
        ("engineering-head", "supervisor-1"),
        ("agent-1", "manager-1"),
        ("supervisor-1", "manager-1"),
        ("manager-1", "company-head-1"),
        ("company-head-1", "supervisor-1"),
    ],
)
def test_it_goes_to_the_next_who_is_not_in_the_line(place: Office, person: str, handler: str) -> None:
    case = place.register(actor=SUPERVISOR, about_staff=person, matter="staff_attitude").case
    now = assigned(place, case)
    assert (now.assignment.handler, now.state) == (handler, State.ASSIGNED)
    send(place)
    told = {phone for phone, _ in place.sms.sent}
    assert phone_of(handler) in told
    assert told.isdisjoint(phone_of(username) for username in kept_away(now.about, "normal", PLACE))


@pytest.mark.req("G13")
def test_the_company_head_decides_only_where_no_manager_can(place: Office) -> None:
    ordinary = place.register(matter="staff_attitude").case
    with pytest.raises(NotAllowedError, match="The manager decides"):
        place.do(ordinary, "classify", COMPANY_HEAD, ClassifyForm("更正", severity="serious"))
    about = place.register(actor=SUPERVISOR, about_staff="manager-1", matter="staff_attitude").case
    after = place.do(about, "classify", COMPANY_HEAD, ClassifyForm("更正", severity="serious"))
    assert after.classification.severity == "serious"
    with pytest.raises(NotFoundError, match="no case"):
        place.do(about, "classify", MANAGER, ClassifyForm("更正", severity="general"))


@pytest.mark.req("G13")
def test_identified_it_leaves_the_hands_of_whoever_is_kept_away(place: Office) -> None:
    case = place.register(matter="lighting_lock", kind="repair").case
    assert assigned(place, case).assignment.handler == "engineering-1"
    found = place.do(case, "identify", SUPERVISOR, IdentifyForm("住户指的是他", "engineering-1"))
    assert (found.state, found.assignment.handler) == (State.REGISTERED, None)
    assert assigned(place, found).assignment.handler == "supervisor-1"
    with pytest.raises(CommandRefusedError, match="already"):
        place.do(case, "identify", SUPERVISOR, IdentifyForm("又", "engineering-1"))
    with pytest.raises(InvalidInputError, match="nobody of the staff"):
        place.do(case, "identify", SUPERVISOR, IdentifyForm("又", "ghost"))


@pytest.mark.req("G13")
def test_no_emergency_any_more_it_leaves_the_line_again(place: Office) -> None:
    case = place.register(
        actor=SUPERVISOR, about_staff="engineering-2", matter="flooding", urgency="emergency"
    ).case
    assert assigned(place, case).assignment.handler == "engineering-1"
    place.do(case, "assign", SUPERVISOR, AssignForm("engineering-head", "请负责人到场"))
    back = place.do(case, "classify", SUPERVISOR, ClassifyForm("已无危险", urgency="normal"))
    assert (back.state, back.assignment.handler) == (State.REGISTERED, None)


@pytest.mark.req("G13", "A16")
def test_it_stands_alone(place: Office) -> None:
    case = place.register(actor=SUPERVISOR, about_staff="engineering-1", matter="staff_attitude").case
    other = place.register(matter="staff_attitude").case
    for source, into in ((case, other), (other, case)):
        with pytest.raises(CommandRefusedError, match="about a person"):
            place.do(source, "merge", MANAGER, MergeForm(into.number, "同一件"))


@pytest.mark.req("G13", "G17")
def test_the_figures_are_of_rows_apart(place: Office) -> None:
    case = place.register(actor=SUPERVISOR, about_staff="engineering-1", matter="staff_attitude").case
    assert {row.about for row, _ in contribution(case)} == {"engineering-1"}
    unknown = place.register(actor=RESIDENT, about_person="戴红帽子的保安", matter="staff_attitude").case
    assert {row.about for row, _ in contribution(unknown)} == {"?"}
    assert {row.about for row, _ in contribution(place.register().case)} == {""}


@pytest.mark.req("G13")
@pytest.mark.parametrize(
    ("kind", "matter", "about"),
    [
        ("complaint", "other", ("engineering-1",)),
        (None, None, ("engineering-1",)),
        ("repair", "lighting_lock", ()),
    ],
)
def test_a_name_in_the_text_counts_where_it_may_be_a_complaint(
    place: Office, kind: str | None, matter: str | None, about: tuple[str, ...]
) -> None:
    name = next(person.name for person in PLACE.staff if person.username == "engineering-1")
    case = place.register(text=f"维修费乱收，是{name}收的", kind=kind, matter=matter).case
    assert case.about.people == about
    told = place.register(text="乱收费", course_of_events=f"{name}来的", kind=kind, matter=matter).case
    assert told.about.people == about


@pytest.mark.req("G13", "A16")
def test_no_number_of_a_hidden_case_is_told_by_a_merge_or_a_later_report() -> None:
    with api_desk() as desk:
        cases = "/v1/communities/riverside/cases"
        hidden = desk.post(
            cases, report_body(about_staff="agent-1", channel="walk_in"), user="supervisor-1"
        ).json_body["number"]
        mine = desk.engineering_case()

        def merged(into: str) -> tuple[int, bytes]:
            answer = desk.command(mine, "merge", {"into": into, "reason": "同一件"}, user="supervisor-1")
            return answer.status_code, answer.body.replace(into.encode(), b"N")

        def followed(number: str) -> tuple[int, bytes]:
            body = report_body(follows=number, channel="walk_in")
            answer = desk.post(cases, body, user="agent-1")
            return answer.status_code, answer.body.replace(number.encode(), b"N")

        assert merged(hidden) == merged("202611-0999")
        assert merged(hidden)[0] == 404
        assert followed(hidden) == followed("202611-0999")
        assert followed(hidden)[0] == 400


@pytest.mark.req("G13", "A16")
def test_who_is_named_after_a_merge_is_kept_from_every_merged_report() -> None:
    with api_desk() as desk:
        place = desk.office
        first, second, last = (place.register(matter="lighting_lock", kind="complaint").case for _ in "123")
        for source, into in ((first, second), (second, last)):
            place.do(source, "merge", SUPERVISOR, MergeForm(into.number, "同一件"))
            Incidents(place.desk).follow("riverside", source.number)
        for person, answer in (("engineering-1", 404), (None, 200)):
            place.do(last, "identify", SUPERVISOR, IdentifyForm("住户指的是他", person))
            for _ in range(2):  # delivered twice
                Incidents(place.desk).follow("riverside", last.number)
            for case in (first, second, last):
                seen = desk.get(f"/v1/communities/riverside/cases/{case.number}", user="engineering-head")
                assert seen.status_code == answer, (person, case.number)
        assert place.case(first).version == place.case(second).version - 1, "joined by one; told twice"


@pytest.mark.req("G13", "A16")
@pytest.mark.parametrize("way", ["api", "page"])
def test_the_answer_to_identify_finds_every_merged_report_kept_away_already(way: str) -> None:
    """Nobody waits for the relay; the same by API and by page."""
    with api_desk() if way == "api" else browsing(office(PLACE)) as visited:
        place = visited.office
        merged, last = (place.register(matter="lighting_lock", kind="complaint").case for _ in "12")
        place.do(merged, "merge", SUPERVISOR, MergeForm(last.number, "同一件"))
        Incidents(place.desk).follow("riverside", merged.number)
        form = {"reason": "住户指的是他", "person": "engineering-1"}
        if isinstance(visited, ApiDesk):
            assert visited.command(last.number, "identify", form, user="supervisor-1").status_code == 200
        else:
            visited.sign_in("supervisor-1")
            where = f"/desk/riverside/cases/{last.number}"
            csrf = html(visited.get(where)).split('name="csrf" value="')[1].split('"')[0]
            assert visited.post(f"{where}/identify", {**form, "csrf": csrf}).status_code == 303
        for case in (merged, last):
            assert "engineering-head" in kept_away_from(place.case(case), PLACE), case.number


@pytest.mark.req("G13", "A16")
def test_a_merged_report_about_a_person_stands_alone_again() -> None:
    with api_desk() as desk:
        place = desk.office
        merged, last = (place.register(matter="lighting_lock", kind="complaint").case for _ in "12")
        place.do(merged, "merge", SUPERVISOR, MergeForm(last.number, "同一件"))
        Incidents(place.desk).follow("riverside", merged.number)
        assert place.case(last).joined == (merged.number,)
        form = {"reason": "住户指的是他", "person": "engineering-1"}
        answer = desk.command(merged.number, "identify", form, user="supervisor-1")
        assert (answer.status_code, answer.json_body["state"]) == (200, "registered")
        seen = [
            desk.get(f"/v1/communities/riverside/cases/{case.number}", user="engineering-head").status_code
            for case in (merged, last)
        ]
        assert seen == [404, 200], "what the other said is another complaint"
        assert place.case(last).joined == ()
        again = place.case(merged)
        assert again.deadlines, "its promises count anew"
        for _ in range(2):
            Incidents(place.desk).follow("riverside", merged.number)
            Incidents(place.desk).follow("riverside", last.number)
        assert place.case(merged) == again
