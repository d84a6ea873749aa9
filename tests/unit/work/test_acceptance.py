"""The acceptance of a repair: signed, refused, nobody at home, after the rain, chased (B9, B13)."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.acceptance import Acceptance
from chalicelib.domain.case.case import State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.personal import DataKind, emptied
from chalicelib.domain.case.who_sees import sees_contact
from chalicelib.domain.case.who_sees_files import sees_file, shows_on_link
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import DomainError, InvalidInputError
from chalicelib.domain.figures.counters import amounts_of
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.files import FilesForm
from chalicelib.domain.notices.details import WORK_ON_PAPER
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.waiting import waits_of
from chalicelib.domain.work.acceptance_forms import AcceptanceDayForm, AcceptForm, NobodyHomeForm
from chalicelib.domain.work.earlier import earlier_repair
from chalicelib.domain.work.order_forms import SignedForm
from chalicelib.services.case_line import line_of
from chalicelib.services.views.filters import UNACCEPTED, Filters
from tests.cases import with_fields
from tests.stories import AGENT, DRAWN, HANDLER, RESIDENT, SUPERVISOR, Story, in_state

PAPER = f"riverside/{'0' * 32}/{'e' * 16}"
SECOND_PAPER = f"riverside/{'0' * 32}/{'f' * 16}"
NAMED = AcceptForm("王芳")


def done(matter: str = "home_other", **about: object) -> Story:
    """A repair that its handler has completed a minute ago."""
    return in_state(State.COMPLETED, matter=matter, **about)


def refused(story: Story, command: str, actor: Actor, form: object = None) -> str | None:
    """The reason for which somebody cannot do that now."""
    with pytest.raises(DomainError) as caught:
        story.do(command, actor, form)
    return caught.value.reason


def accepted(story: Story) -> Acceptance:
    return story.case.work.acceptance


def told(story: Story) -> set[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of what the last command has people told."""
    found = due(story.outcomes[-1], story.context)
    return {(notice.kind, notice.recipient, notice.detail) for notice in found}


@pytest.mark.req("B9")
@pytest.mark.parametrize(
    ("actor", "form", "how", "taken_by"),
    [
        (RESIDENT, NAMED, "link", None),
        (RESIDENT, AcceptForm("王芳", DRAWN), "link", None),
        (HANDLER, AcceptForm("王芳", DRAWN, device="Android · Chrome"), "phone", "engineering-1"),
        (AGENT, NAMED, "paper", "agent-1"),
    ],
)
def test_the_resident_s_signature_accepts_the_work_once(
    actor: Actor, form: AcceptForm, how: str, taken_by: str | None
) -> None:
    story = done()
    assert accepted(story).waits
    assert amounts_of(story.case)["unaccepted"] == 1
    if how == "paper":
        assert refused(story, "accept_work", actor, form) == "signature_missing"
        story.do("add_files", HANDLER, FilesForm((PAPER,), "signed"))
    story.do("accept_work", actor, form, "the key")
    now = accepted(story)
    assert (now.how, now.taken_by, now.resident_name, now.waits) == (how, taken_by, "王芳", False)
    detail = WORK_ON_PAPER if how == "paper" else "work_accepted"
    assert (NoticeKind.IN_YOUR_NAME, RESIDENT_ID, detail) in told(story) or actor == RESIDENT
    assert (amounts_of(story.case)["accepted"], amounts_of(story.case)["unaccepted"]) == (1, 0)
    version = story.case.version
    assert story.do("accept_work", actor, form, "the key").case.version == version, "a repeat changes nothing"
    assert refused(story, "accept_work", RESIDENT, NAMED) == "accepted_already"
    assert refused(story, "refuse_work", RESIDENT) == "accepted_already"
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B9")
def test_paper_of_an_earlier_round_accepts_nothing() -> None:
    story = done().do("add_files", HANDLER, FilesForm((PAPER,), "signed")).wait(minutes=5)
    story.do("refuse_work", RESIDENT, ReasonForm("还在滴"))
    story.do("assign", SUPERVISOR).wait(minutes=1)
    handler = Actor(Role.HANDLER, str(story.case.assignment.handler))
    story.do("sign", handler).do("start", handler).do("complete", handler)
    assert refused(story, "accept_work", handler, NAMED) == "signature_missing"


@pytest.mark.req("B9", "D4")
def test_a_signed_paper_is_the_signature_of_what_it_was_given_for_and_of_nothing_else() -> None:
    story = done().do("add_files", HANDLER, FilesForm((PAPER,), "signed")).do("accept_work", HANDLER, NAMED)
    at_the_door = RevisitForm(RevisitOutcome.SATISFIED, "visit", signature="王芳")
    assert refused(story, "record_revisit", SUPERVISOR, at_the_door) == "signature_of_other"
    story.do("add_files", SUPERVISOR, FilesForm((SECOND_PAPER,), "signed"))
    story.do("record_revisit", SUPERVISOR, at_the_door)
    assert [file.given_for for file in story.case.files] == ["work_accepted", "revisit_recorded"]
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B9", "B10", "D4")
def test_one_drawing_signs_one_thing() -> None:
    drawing = "riverside/" + "a" * 32 + "/" + "b" * 16
    for taker in (HANDLER, RESIDENT):
        story = in_state(State.SIGNED, matter="home_other").do("compare_item", HANDLER)
        story.do("propose", HANDLER).do("sign_agreement", HANDLER, SignedForm("王芳", drawing))
        story.do("complete", HANDLER)
        assert refused(story, "accept_work", taker, AcceptForm("王芳", drawing)) == "signature_drawn_before"
        story.do("accept_work", taker, AcceptForm("王芳", drawing[:-1] + "c"))
        at_the_door = RevisitForm(RevisitOutcome.SATISFIED, "visit", signature="王芳", drawn=drawing)
        assert refused(story, "record_revisit", SUPERVISOR, at_the_door) == "signature_drawn_before"


@pytest.mark.req("B13")
def test_a_drain_is_accepted_when_it_flows() -> None:
    story = done("drain_blocked")
    assert refused(story, "accept_work", RESIDENT, NAMED) == "unproved_flows"
    story.do("accept_work", RESIDENT, AcceptForm("王芳", proved=True))
    assert story.events[-1].payload.proved is True  # type: ignore[union-attr]


@pytest.mark.req("B13")
def test_what_was_sealed_is_accepted_after_the_rain() -> None:
    story = done("seepage")
    assert "@agent" in waits_of(story.case, story.context), "the desk sets the day"
    assert refused(story, "accept_work", RESIDENT, AcceptForm("王芳", proved=True)) == "rain_day_missing"
    today = story.at.date()
    for wrong in (today - timedelta(days=1), today + timedelta(days=200)):
        assert refused(story, "set_acceptance_day", AGENT, AcceptanceDayForm(wrong)) == "rain_day_wrong"
    story.do("set_acceptance_day", AGENT, AcceptanceDayForm(today + timedelta(days=2)))
    assert (NoticeKind.ACCEPT, RESIDENT_ID, "rain") in told(story)
    assert refused(story, "accept_work", RESIDENT, AcceptForm("王芳", proved=True)) == "rain_not_yet"
    story.wait(days=2)
    assert refused(story, "accept_work", RESIDENT, NAMED) == "unproved_next_rain"
    story.do("accept_work", RESIDENT, AcceptForm("王芳", proved=True))
    assert refused(done(), "set_acceptance_day", AGENT, AcceptanceDayForm(today)) == "no_rain_awaited"


@pytest.mark.req("B9", "D7")
@pytest.mark.parametrize(("command", "actor"), [("refuse_work", RESIDENT), ("record_refused_work", HANDLER)])
def test_refused_work_is_done_again(command: str, actor: Actor) -> None:
    story = done().do(command, actor)
    assert (story.case.state, story.case.round) == (State.REGISTERED, 2)
    assert story.case.follow_up.returned_by == "acceptance"
    assert accepted(story) == Acceptance(), "the next round is accepted anew"
    assert (NoticeKind.REOPENED, RESIDENT_ID, None) in told(story)


@pytest.mark.req("B9")
def test_nobody_at_home_is_an_outcome_and_somebody_comes_again_or_leaves_a_note() -> None:
    story = done()
    assert refused(story, "nobody_home", HANDLER, NobodyHomeForm()) == "nobody_home_and"
    for wrong in (-1, 24 * 100):
        form = NobodyHomeForm(story.at + timedelta(hours=wrong))
        assert refused(story, "nobody_home", HANDLER, form) == "again_at_wrong"
    story.do("nobody_home", HANDLER, NobodyHomeForm(story.at + timedelta(days=5)))
    assert (NoticeKind.ACCEPT, RESIDENT_ID, "missed") in told(story)
    assert accepted(story).waits
    assert amounts_of(story.case)["nobody_home"] == 1
    assert not any(type(payload).__name__ == "AcceptanceChased" for payload in story.wait(days=5).fire()), (
        "nobody is asked before somebody has come again"
    )


@pytest.mark.req("B9")
def test_a_missing_signature_is_asked_for_of_the_resident_then_of_the_supervisor() -> None:
    story = done()
    assert "engineering-1" in waits_of(story.case, story.context), "whoever did the work gets it signed"
    story.wait(days=1, minutes=1).fire()
    assert (NoticeKind.ACCEPT, RESIDENT_ID, None) in told(story)
    assert "@supervisor" not in waits_of(story.case, story.context)
    (notice,) = (kept for kept in due(story.outcomes[-1], story.context) if kept.kind is NoticeKind.ACCEPT)
    story.wait(days=2).fire()
    assert any(kind is NoticeKind.UNACCEPTED for kind, _, _ in told(story))
    assert "@supervisor" in waits_of(story.case, story.context)
    assert accepted(story).chased == ("resident", "supervisor")
    assert why_suppressed(notice, story.case) is None
    if story.case.state is State.COMPLETED:
        story.do("accept_work", RESIDENT, NAMED)
        assert why_suppressed(notice, story.case) == "answered"


@pytest.mark.req("B9")
@pytest.mark.parametrize("about", [{"kind": "complaint"}, {"kind": "inquiry"}, {"report": {"unit": None}}])
def test_what_no_household_can_sign_for_waits_for_no_signature(about: dict[str, object]) -> None:
    story = done(**about)
    assert not accepted(story).waits
    assert refused(story, "accept_work", RESIDENT, NAMED) == "nothing_to_accept"
    assert amounts_of(story.case)["unaccepted"] == 0


@pytest.mark.req("B2", "B9")
def test_only_whoever_has_the_work_takes_the_signature_or_the_desk() -> None:
    other = Actor(Role.HANDLER, "engineering-2")
    assert refused(done(), "accept_work", other, AcceptForm("王芳", DRAWN)) == "not_yours"
    assert refused(done(), "nobody_home", other) == "not_yours"


@pytest.mark.req("B13")
def test_the_warranty_begins_with_the_signature_not_with_the_closing() -> None:
    story = in_state(State.CLOSED, matter="home_other")
    earlier = earlier_repair(story.case, story.context)
    assert earlier is not None
    assert earlier.accepted_on is None, "closed, and nobody has signed"
    story.wait(days=3).do("accept_work", RESIDENT, NAMED)
    late = earlier_repair(story.case, story.context)
    assert late is not None
    assert late.accepted_on == date(2026, 11, 26)
    of_before = with_fields(story.case, acceptance=Acceptance())
    assert story.case.ending.closed_at is not None
    found = earlier_repair(of_before, story.context)
    assert found is not None
    assert found.accepted_on == story.case.ending.closed_at.date(), "a case of an earlier release"


@pytest.mark.req("E8", "G24")
def test_a_signature_is_seen_by_whoever_sees_who_reported_and_goes_with_their_data() -> None:
    story = done(report={"shielded": True}).do("accept_work", HANDLER, AcceptForm("王芳", DRAWN))
    (file,) = (file for file in story.case.files if file.stage == "signature")
    community = story.context.community
    staff = [
        Member(person.username, person.name, person.role, person.departments, community)
        for person in community.staff
    ]
    sees = {member.username for member in staff if sees_file(member, story.case, file, "picture")}
    assert sees == {member.username for member in staff if sees_contact(member, story.case)}
    assert "engineering-1" not in sees
    assert not shows_on_link(Purpose.WORK, story.case, file, "picture")
    assert shows_on_link(Purpose.TRACK, story.case, file, "picture")
    gone = emptied(story.case, {DataKind.CONTACT})
    assert gone.work.acceptance.resident_name == ""
    assert gone.work.acceptance.signed_at == story.at


@pytest.mark.req("B9")
def test_the_lists_show_what_is_done_and_not_accepted() -> None:
    story = done()
    line = line_of(story.case, story.context, None)
    assert line.unaccepted
    wanted = Filters(acceptance=UNACCEPTED)
    assert wanted.fits(line, story.at, story.case.zone)
    story.do("accept_work", RESIDENT, NAMED)
    line = line_of(story.case, story.context, None)
    assert not wanted.fits(line, story.at, story.case.zone)
    with pytest.raises(InvalidInputError):
        Filters(acceptance="yes")


def test_a_case_of_before_waits_for_nothing() -> None:
    story = done()
    old = [
        replace(event, payload=replace(event.payload, accepted_by=None))
        if type(event.payload).__name__ == "Completed"
        else event
        for event in story.events
    ]
    assert not fold(old, "riverside", "202611-0001").work.acceptance.waits
