"""Who reported what was merged sees and hears what becomes of it, and nothing of anybody else (A16)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.intake.merging import to_share
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.work.forms import CompleteForm, ReferForm, RejectForm
from chalicelib.services.intake.merged import Incidents, goes_on, merged_with
from chalicelib.services.views.link_view import TrackView, link_view
from chalicelib.web.words import words
from tests.api_desk import api_desk
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, office
from tests.cases import with_fields
from tests.notice_samples import OTHER_DETAILS
from tests.sending import send
from tests.stories import HANDLER, in_state
from tests.words import WORDS

RESULT = "更换总阀，全楼恢复供水。"


def report(place: Office, number: int, **about: Any) -> Case:
    """A report of the same outage by somebody else."""
    phone, unit = f"+8613900000{number:03d}", f"3-12{number:02d}"
    return place.register(name=f"住户{number}", phone=phone, unit=unit, text=f"停水了{number}", **about).case


def merge(place: Office, case: Case, into: Case, *, followed: bool = True) -> Case:
    case = place.do(case, "merge", SUPERVISOR, MergeForm(into.number, "同一处"))
    if followed:
        Incidents(place.desk).follow("riverside", case.number)
    return case


def complete(place: Office, case: Case) -> Case:
    place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    place.do(case, "sign", HANDLER, SignForm("工程部甲"))
    case = place.do(case, "complete", HANDLER, CompleteForm(RESULT, cause="总阀老化"))
    Incidents(place.desk).follow("riverside", case.number)
    return case


def told(place: Office, number: int) -> list[str]:
    send(place)
    return [text for phone, text in place.sms.sent if phone.endswith(f"{number:03d}") and "一并" in text]


def track(place: Office, case: Case) -> TrackView:
    case = place.case(case)
    link, context = link_for(case, Purpose.TRACK, 7), place.desk.context_of(case)
    view = link_view(
        case, link, context, place.clock(), WORDS.get("zh-CN"), last=merged_with(place.desk, case)
    )
    assert isinstance(view, TrackView)
    return view


@pytest.mark.req("A16")
def test_the_result_reaches_everybody_by_whatever_way_they_were_merged() -> None:
    """Into one another, into the last, after completion, and delivered twice."""
    place = office()
    first, second, third, late, last = (report(place, number) for number in range(1, 6))
    merge(place, first, second)
    merge(place, second, last)
    merge(place, third, last)
    complete(place, last)
    merge(place, late, last)
    for _ in range(2):
        Incidents(place.desk).follow("riverside", last.number)
        Incidents(place.desk).follow("riverside", first.number)
    for number in (1, 2, 3, 4):
        assert len(told(place, number)) == 1, number
    assert told(place, 5) == []
    for case in (first, second, third, late):
        assert place.case(case).state is State.MERGED
        view = track(place, case)
        assert view.merged is not None
        assert (view.merged.number, view.merged.result) == (last.number, RESULT)
        assert view.commands == ("choose_language", "add_files"), (
            "nobody is asked to rate but who reported it (G8)"
        )


@pytest.mark.req("A16", "E8")
def test_the_page_shows_nothing_of_the_other_resident() -> None:
    with api_desk() as desk:
        place = desk.office
        mine, other = report(place, 1), report(place, 2)
        merge(place, mine, other)
        complete(place, other)
        code = place.codes.code(link_for(mine, Purpose.TRACK, 7))
        chinese = {"Accept-Language": "zh-CN"}
        seen = desk.get(f"/v1/links/{code}", headers=chinese)
        assert seen.json_body["merged"]["result"] == RESULT
        page = desk.client.http.get(f"/l/{code}", headers=chinese).body.decode()
        assert RESULT in page
        assert f"并入工单 {other.number} 一起办理" in page
        for shown in (page, seen.body.decode()):
            for personal in ("住户2", "停水了2", "3-1202", "13900000002"):
                assert personal not in shown


@pytest.mark.req("A16")
def test_promised_times_of_the_case_that_goes_on_are_shown_while_it_is_open() -> None:
    place = office()
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    view = track(place, mine)
    assert view.merged is not None
    assert view.merged.state is State.REGISTERED
    assert view.merged.deadlines
    assert view.merged.result is None
    assert told(place, 1) == []


@pytest.mark.req("A16", "D7")
def test_who_was_told_that_it_is_solved_hears_that_it_is_taken_up_again_and_solved_anew() -> None:
    place = office()
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    complete(place, other)
    assert len(told(place, 1)) == 1
    place.do(other, "rate", RESIDENT, RateForm(1))
    Incidents(place.desk).follow("riverside", other.number)
    assert ["重新处理" in text for text in told(place, 1)] == [False, True]
    complete(place, other)
    assert len(told(place, 1)) == 3
    place.do(other, "rate", RESIDENT, RateForm(5))
    Incidents(place.desk).follow("riverside", other.number)
    assert len(told(place, 1)) == 3, "that it is closed changes nothing for them"


@pytest.mark.req("A16")
@pytest.mark.parametrize("ending", ["reject", "withdraw"])
@pytest.mark.parametrize("first", ["mine", "other"])
def test_a_case_whose_incident_ended_without_work_goes_on_by_itself_and_is_told(
    ending: str, first: str
) -> None:
    """In whatever order the relay hears of the two; the withdrawal came between the merge and the join."""
    place = office()
    mine, other, deeper = (report(place, number) for number in (1, 2, 3))
    merge(place, deeper, mine)
    place.clock.advance(timedelta(hours=1))
    merge(place, mine, other, followed=ending == "reject")
    if ending == "reject":
        place.do(other, "reject", SUPERVISOR, RejectForm("查无此事"))
    else:
        place.do(other, "withdraw", RESIDENT, ReasonForm("好了"))
    text = after(place, mine, *((mine, other) if first == "mine" else (other, mine)))
    assert "单独办理" in text
    freed = place.case(mine)
    assert (freed.state, freed.round, freed.returns) == (State.REGISTERED, 2, 0)
    assert freed.ending.merged_into is None
    assert freed.clocks.started_at == freed.registered_at + timedelta(hours=1), "it counts from now"
    assert freed.joined == (deeper.number,), "who was merged into it stays with it"
    assert place.case(deeper).state is State.MERGED
    assert place.case(other).joined == ()
    complete(place, freed)
    assert len(told(place, 3)) == 1
    counted = recount(place.case(case) for case in (mine, other, deeper))
    assert counted[TOTAL, "reopened"] == 0, "nobody was dissatisfied"


@pytest.mark.req("A16")
def test_who_goes_on_by_themselves_and_is_merged_elsewhere_hears_nothing_of_before() -> None:
    place = office()
    mine, other, third = (report(place, number) for number in (1, 2, 3))
    merge(place, mine, other)
    place.do(other, "reject", SUPERVISOR, RejectForm("查无此事"))
    Incidents(place.desk).follow("riverside", other.number)
    merge(place, mine, third)
    place.do(other, "object", RESIDENT, ReasonForm("确有此事"))
    place.do(other, "reopen", MANAGER, ReasonForm("确有此事"))
    complete(place, other)
    assert told(place, 1) == []
    complete(place, third)
    assert len(told(place, 1)) == 1


@pytest.mark.req("A16")
def test_who_is_merged_again_while_the_other_strikes_it_out_is_not_lost() -> None:
    """The relay has set it free, and somebody merges it again before it is struck out there."""
    place = office()
    memory = place.memory
    assert memory is not None
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    place.do(other, "reject", SUPERVISOR, RejectForm("查无此事"))

    def meanwhile() -> None:
        if place.case(mine).state is not State.REGISTERED:
            memory.meanwhile["cases.save"] = meanwhile
            return
        place.do(other, "object", RESIDENT, ReasonForm("确有此事"))
        place.do(other, "reopen", MANAGER, ReasonForm("确有此事"))
        merge(place, mine, other, followed=False)

    memory.meanwhile["cases.get"] = meanwhile
    memory.meanwhile["cases.save"] = meanwhile
    Incidents(place.desk).follow("riverside", other.number)
    assert place.case(mine).ending.merged_into == other.number
    assert place.case(other).joined == (mine.number,)


@pytest.mark.req("A16")
@pytest.mark.parametrize("ring", [2, 3, 5])
def test_cases_are_not_merged_into_each_other_at_once(ring: int) -> None:
    """All of them would be over, and nobody would ever hear of any."""
    place = office()
    memory = place.memory
    assert memory is not None
    cases = [report(place, number) for number in range(ring)]
    refused = []

    def merge_from(number: int) -> None:
        """Merge a case; just before that is written, the next one of the ring is merged in its turn."""
        if number == ring:
            return
        memory.meanwhile["cases.save"] = lambda: merge_from(number + 1)
        try:
            merge(place, cases[number], cases[(number + 1) % ring], followed=False)
        except CommandRefusedError as error:
            refused.append(error.reason)

    merge_from(0)
    assert refused == ["goes_on_as"] * len(refused) != []
    assert State.REGISTERED in [place.case(case).state for case in cases], "one goes on"
    assert all(goes_on(place.desk.cases, place.case(case)) for case in cases)


def after(place: Office, mine: Case, *others: Case) -> str:
    """The last message to the first resident, after the relay has followed the other cases."""
    for _ in range(2):
        for other in others:
            Incidents(place.desk).follow("riverside", other.number)
    send(place)
    return [text for phone, text in place.sms.sent if phone.endswith("001") and mine.number in text][-1]


@pytest.mark.req("A16")
@pytest.mark.parametrize("state", sorted(set(State) - {State.MERGED}))
def test_every_state_that_ends_or_takes_up_a_case_is_told_to_the_merged(state: State) -> None:
    """A merged case is not the one that goes on; the first round under way is nothing to tell."""
    last, told = in_state(state).case, ev.ResultShared("202611-0009", 1, "ended")
    merged = with_fields(in_state(State.MERGED).case, shared=told)
    shared = to_share(merged, last)
    assert (shared is None) == (state in IN_DISPATCH), state
    if shared is not None:
        assert shared.outcome in OTHER_DETAILS[NoticeKind.INCIDENT], "it has a message"
        assert words("zh-CN").name("incident_outcomes", shared.outcome) != shared.outcome


@pytest.mark.req("A16")
def test_what_others_reported_too_cannot_be_withdrawn() -> None:
    """Neither by its resident's link nor by the desk: it goes on for the others."""
    place = office()
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    assert "withdraw" not in track(place, other).commands
    by_word = ReasonedWordForm(place.clock(), "王芳", "phone", "自己修好了")
    for actor in (RESIDENT, AGENT, SUPERVISOR):
        name, form = ("withdraw", ReasonForm("好了")) if actor == RESIDENT else ("record_withdrawal", by_word)
        with pytest.raises(CommandRefusedError, match="goes on for their residents") as refused:
            place.do(other, name, actor, form)
        assert refused.value.reason == "goes_on_for_others"
    alone = report(place, 3)
    assert place.do(alone, "withdraw", RESIDENT, ReasonForm("自己修好了")).state is State.WITHDRAWN


@pytest.mark.req("A16", "B1")
def test_who_is_merged_hears_and_sees_to_whom_it_was_referred() -> None:
    place = office()
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    place.do(other, "refer", SUPERVISOR, ReferForm("市自来水公司", "市政管网的阀门"))
    assert "应由谁处理" in after(place, mine, other)
    assert place.case(mine).ending.shared == ev.ResultShared(other.number, 1, "referred")
    view = track(place, mine).merged
    assert view is not None
    assert (view.referred_to, view.explanation, view.over) == ("市自来水公司", "市政管网的阀门", True)


@pytest.mark.req("A16", "E8")
def test_what_was_written_about_the_other_is_not_read_and_its_writer_was_warned() -> None:
    with api_desk() as desk:
        place = desk.office
        mine, other = report(place, 1), report(place, 2)
        merge(place, mine, other)
        place.do(other, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
        work = place.codes.code(link_for(place.case(other), Purpose.WORK, 7))
        chinese = {"Accept-Language": "zh-CN"}
        assert desk.get(f"/v1/links/{work}", headers=chinese).json_body["joined"] == 1
        assert "1 张工单并入本单" in desk.client.http.get(f"/l/{work}", headers=chinese).body.decode()
        told = "到3-1202住户2家，电话13900000002，属市政"
        place.do(other, "refer", SUPERVISOR, ReferForm("市自来水公司", told))
        code = place.codes.code(link_for(mine, Purpose.TRACK, 7))
        page = desk.client.http.get(f"/l/{code}", headers=chinese).body.decode()
        for shown in (page, desk.get(f"/v1/links/{code}", headers=chinese).body.decode()):
            assert "市自来水公司" in shown
            assert "属市政" in shown
            assert not [secret for secret in ("住户2", "1202", "13900000002") if secret in shown]
        assert "如果问题没有解决，请联系" in page


@pytest.mark.req("A16")
def test_a_chain_ends_also_where_it_is_a_loop_or_leads_nowhere() -> None:
    place = office()
    one, two = report(place, 1), report(place, 2)
    place.do(one, "merge", SUPERVISOR, MergeForm(two.number, "同一处"))
    case = with_fields(place.case(one), merged_into=one.number)
    assert goes_on(place.desk.cases, with_fields(case, merged_into="209901-0001")) is None
    assert place.memory is not None
    place.memory.cases["riverside", one.number] = case
    assert goes_on(place.desk.cases, case) is None
    assert merged_with(place.desk, case) is None
    Incidents(place.desk).follow("riverside", one.number)


@pytest.mark.req("A16")
def test_what_was_merged_itself_and_what_is_full_says_where_to_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    place = office()
    one, two, three, four = (report(place, number) for number in range(1, 5))
    merge(place, one, two)
    merge(place, two, three)
    with pytest.raises(CommandRefusedError, match=three.number):
        merge(place, four, two)
    monkeypatch.setattr("chalicelib.domain.intake.merging.MOST_JOINED", 1)
    with pytest.raises(CommandRefusedError, match="merged into"):
        merge(place, four, three)


@pytest.mark.req("G17")
def test_the_figures_count_none_of_this() -> None:
    place = office()
    mine, other = report(place, 1), report(place, 2)
    merge(place, mine, other)
    complete(place, other)
    send(place)
    counted = recount(place.case(case) for case in (mine, other))
    stored = place.stores.figures.month("riverside", "202611")
    assert {(row, name): amount for row, names in stored.items() for name, amount in names.items()} == counted
