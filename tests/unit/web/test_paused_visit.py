"""While a case is paused, and after that, nobody is told of a visit or a time as if it stood (B11, G4)."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import NoteForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import PauseForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from tests.browser import Browser, browsing, link, text
from tests.builders import AGENT, SUPERVISOR, Office, community, office
from tests.sending import send
from tests.stories import HANDLER

VISIT, AFTER = "11月28日 周六 10:00", "2026年12月3日（周四）14:30"
"""When the visit was agreed for, and when the work is done after the pause over it."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def paused_over_visit(desk: Office) -> Case:
    """Agreed for Saturday 10:00; on Friday 18:30 paused until Wednesday 09:00."""
    case = desk.register(kind="repair", matter="home_other").case
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    form = AgreedVisitForm(at("2026-11-28T10:00"), desk.clock(), "王芳", "phone")
    desk.do(case, "agree_appointment", AGENT, form)
    send(desk)
    desk.clock.set(at("2026-11-27T09:00"))
    desk.do(case, "progress", HANDLER, RequiredNoteForm("已约周六上门"))
    send(desk)
    desk.clock.set(at("2026-11-27T18:30"))
    return desk.do(case, "pause", HANDLER, PauseForm(at("2026-12-02T09:00"), "waiting_for_parts", "订单 7"))


@pytest.fixture
def homes() -> Iterator[Browser]:
    with browsing(office(community(regulation="S2"))) as made:
        yield made


def seen(homes: Browser, case: Case) -> dict[str, str]:
    """Every page that shows a visit or a time of the case, without its history."""
    desk = homes.office
    pages = {
        "track": text(homes.get(link(desk, case, Purpose.TRACK))),
        "work": text(homes.get(link(desk, case, Purpose.WORK))),
    }
    homes.sign_in("supervisor-1")
    pages["list"] = text(homes.get("/desk/riverside?list=community"))
    pages["case"] = text(homes.get(f"/desk/riverside/cases/{case.number}"))
    return pages


@pytest.mark.req("B11", "G4", "B8")
def test_while_it_is_paused_every_page_says_that_nobody_comes_and_how_the_times_stand(homes: Browser) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    desk.clock.set(at("2026-11-30T11:00"))
    pages = seen(homes, case)
    for name in ("track", "work", "case"):
        assert f"因暂停办理，{VISIT}" in pages[name], name
        assert "将与您另约时间" in pages[name], name
        assert f"计时暂停中；按计划恢复的话，最晚 {AFTER}" in pages[name], name
        assert "最晚 2026年11月30日（周一）14:30" not in pages[name], name
    assert "已超时" not in pages["track"]
    assert "到场 12月3日 周四 00:30（恢复后）" in pages["list"]


@pytest.mark.req("B11", "G4")
def test_a_pause_that_ends_before_the_visit_leaves_it_as_it_was(homes: Browser) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    desk.clock.set(at("2026-11-28T08:00"))
    case = desk.do(case, "resume", HANDLER, NoteForm())
    for name, page in seen(homes, case).items():
        assert "暂停中" not in page, name
        assert "不上门" not in page.partition("经过")[0], name
        assert name == "list" or f"约定时间 {VISIT}" in page, name


@pytest.mark.req("B11", "G4", "A11")
def test_who_heard_that_nobody_comes_hears_that_somebody_does_after_all(homes: Browser) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    send(desk)
    desk.clock.set(at("2026-11-28T08:00"))
    case = desk.do(case, "resume", HANDLER, NoteForm())
    before = len(desk.sms.sent)
    send(desk)
    told = [sms for phone, sms in desk.sms.sent[before:] if phone == case.report.phone]
    assert [sms for sms in told if "约定10:00上门，30日14:30前办结" in sms]


@pytest.mark.req("B11", "G4", "A8")
def test_after_the_pause_the_visit_stays_off_until_another_is_agreed_on_or_somebody_came(
    homes: Browser,
) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    desk.clock.set(at("2026-12-02T09:00"))
    case = desk.do(case, "fire_timers", TIMER, TimersForm())
    for name, page in seen(homes, case).items():
        if name != "list":
            assert f"因暂停办理，原约 {VISIT} 上门改为最晚 12月3日 周四 00:30 上门，具体时间另约" in page, (
                name
            )
        assert "不上门" not in page.partition("经过")[0], name
    page = text(homes.get(link(desk, case, Purpose.TRACK)))
    assert "有人到场" not in page, "it stands in the line of the visit, once"
    assert f"最晚 {AFTER}" in page
    form = AgreedVisitForm(at("2026-12-02T15:00"), desk.clock(), "王芳", "phone")
    again = desk.do(case, "agree_appointment", AGENT, form)
    page = text(homes.get(link(desk, again, Purpose.TRACK)))
    assert "因暂停办理，" not in page
    assert "约定时间 12月2日 周三 15:00" in page


@pytest.mark.req("B11", "G4")
def test_who_goes_on_at_the_very_hour_of_the_visit_reads_one_time_alone(homes: Browser) -> None:
    """Half a minute late: nobody can be there at ten, so the page says until when instead, and only that."""
    desk = homes.office
    case = paused_over_visit(desk)
    desk.clock.set(at("2026-11-28T10:00:30"))
    case = desk.do(case, "resume", HANDLER, NoteForm())
    track = text(homes.get(link(desk, case, Purpose.TRACK))).partition("经过")[0]
    assert f"原约 {VISIT} 上门改为最晚 11月29日 周日 01:30 上门" in track
    assert "不上门" not in track
    assert "有人到场" not in track
    desk.clock.set(at("2026-11-29T02:00"))
    track = text(homes.get(link(desk, case, Purpose.TRACK))).partition("经过")[0]
    assert "原约" not in track, "late is said as late"
    assert "到场" in track


@pytest.mark.req("B11", "G4", "A11")
def test_the_resident_hears_that_nobody_comes_and_a_late_message_of_the_visit_does_not_leave(
    homes: Browser,
) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    send(desk)
    [told] = [sms for phone, sms in desk.sms.sent if phone == case.report.phone and "暂停" in sms]
    assert "暂停，28日10:00不上门，恢复后另约" in told
    late = Notice("n", NoticeKind.APPOINTED, NoticeChannel.SMS, RESIDENT_ID, 4, desk.clock())
    assert why_suppressed(late, case) == "case_moved_on"


@pytest.mark.req("B11", "G4", "G2")
def test_machines_read_the_same(homes: Browser) -> None:
    desk = homes.office
    case = paused_over_visit(desk)
    code = link(desk, case, Purpose.TRACK).removeprefix("/l/")
    found = json.loads(homes.client.http.get(f"/v1/links/{code}").body)
    assert found["appointment"] is None
    assert found["visit_put_off"] == "2026-11-28T10:00:00+08:00"
    solve = next(clock for clock in found["deadlines"] if clock["clock"] == "solve")
    assert (solve["due_at"], solve["held_since"]) == (
        "2026-12-03T14:30:00+08:00",
        "2026-11-27T18:30:00+08:00",
    )
