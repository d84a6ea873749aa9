"""A handler's own work behind one link a day: in order, with map and phone, signed at once (B9, B11, G8)."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.community.roster import LEAVE, DutyChange
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.templates import fits_one_part, write_sms
from chalicelib.domain.work.acceptance_forms import NobodyHomeForm
from chalicelib.domain.work.resident_forms import AppointmentForm
from chalicelib.services.day_link import day_link
from chalicelib.services.duty.mornings import KIND, Mornings
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.sms_budgets import Budgets
from tests.browser import HANDLER, Browser, Form, assigned, completed, html, link, signed, text
from tests.builders import MONDAY, SUPERVISOR, Office, community, office
from tests.sending import delivery, phone_of
from tests.words import WRITTEN_IN, texts

HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


def visited(desk: Office, at: datetime, **changes: str) -> Case:
    """A case of the handler's with a visit that both have agreed to."""
    case = desk.do(signed(desk, **changes), "propose_appointment", HANDLER, AppointmentForm(at))
    return desk.do(case, "accept_appointment", RESIDENT, NoteForm())


def link_of(desk: Office) -> str:
    return f"/d/{day_link(desk.desk, community(), HANDLER.id, TODAY)}"


def numbers(page: str) -> list[str]:
    return [part.split('"', 1)[0] for part in page.split('data-number="')[1:]]


@pytest.mark.req("B9", "B11", "G8")
def test_the_day_is_visits_by_time_then_what_is_due_then_the_rest(desk: Office, browser: Browser) -> None:
    later = visited(desk, MONDAY + 5 * HOUR, unit="3-1201")
    sooner = visited(desk, MONDAY + 3 * HOUR, unit="5-0301")
    resting = signed(desk, unit="2-0101", matter="seepage")
    due = assigned(desk, unit="4-0402")
    page = html(browser.get(link_of(desk)))
    assert numbers(page) == [sooner.number, later.number, due.number, resting.number]
    assert page.index("12:00") < page.index("14:00")
    assert 'href="tel:+8613900001234"' in page
    assert "https://uri.amap.com/search?keyword=" in page
    assert 'src="http' not in page, "nothing is asked of another site before a tap"
    shown = text(browser.get(link_of(desk)))
    for said in ("5-0301", "3-1201", "4-0402", "今日上门 2", "王芳"):
        assert said in shown
    opened = browser.get(page.split(f'data-number="{due.number}"')[1].split('href="')[1].split('"')[0])
    assert opened.status_code == 200, "its number leads to the work link of the case"
    assert "4-0402" in text(opened)


@pytest.mark.req("B2", "B9")
def test_all_are_signed_for_with_one_tap_and_what_is_not_is_said(desk: Office, browser: Browser) -> None:
    first, second, third = (assigned(desk, unit=unit) for unit in ("3-1201", "4-0402", "5-0301"))
    here = link_of(desk)
    page = html(browser.get(here))
    action, fields = next(iter(Form(page).forms.items()))
    assert fields["picks"].split() == [first.number, second.number, third.number]
    desk.do(second, "sign", HANDLER, SignForm("工程部甲"))  # meanwhile, by its own link
    later = assigned(desk, unit="2-0101")  # came after the page was drawn: it was not read yet
    answer = browser.post(action, fields)
    assert answer.status_code == 200
    assert "已签收2件，未签收1件" in text(answer)
    assert second.number in text(answer).partition("今日到期")[0]
    states = [desk.case(case).state for case in (first, second, third, later)]
    assert states == [State.SIGNED, State.SIGNED, State.SIGNED, State.ASSIGNED]
    versions = [desk.case(case).version for case in (first, third)]
    again = browser.post(here + "/sign", fields)
    assert "已签收2件" in text(again), "sent twice it is one"
    assert [desk.case(case).version for case in (first, third)] == versions
    assert desk.case(first).assignment.signed_by == HANDLER.id
    assert browser.follow(browser.get(here + "/sign")).status_code == 200


@pytest.mark.req("G8")
def test_the_link_ends_with_its_day_and_with_whoever_leaves(desk: Office, browser: Browser) -> None:
    assigned(desk)
    here = link_of(desk)
    assert HANDLER.id not in here
    assert browser.get(here[:-1] + ("x" if here[-1] != "x" else "y")).status_code == 404
    gone = replace(
        community(),
        staff=tuple(
            replace(person, active=False) if person.username == HANDLER.id else person
            for person in community().staff
        ),
    )
    desk.stores.directory.put(gone)  # type: ignore[attr-defined]
    assert browser.get(here).status_code == 410
    assert browser.post(here + "/sign", {"picks": "202611-0001", "once": "k"}).status_code == 410
    desk.stores.directory.put(community())  # type: ignore[attr-defined]
    desk.clock.advance(17 * HOUR)  # 02:00 of the next day: a late visit is still written down
    assert browser.get(here).status_code == 200
    desk.clock.advance(HOUR)
    over = browser.get(here + "?done=sign")
    assert over.status_code == 410
    assert "2026-11-23" in text(over)
    assert 'href="../desk/riverside/day"' in html(over), "signed in it is there every day"


@pytest.mark.req("B9", "G8")
def test_whoever_gets_work_after_the_morning_has_their_day_by_the_link_of_that_work(
    desk: Office, browser: Browser
) -> None:
    assert mornings(desk).tell() == 0, "nobody has work"
    desk.clock.advance(HOUR)
    case = assigned(desk, unit="5-0301")
    other = assigned(desk, unit="4-0402")
    assert mornings(desk).tell() == 0, "one message a day at most"
    here = link(desk, case, Purpose.WORK)
    page = html(browser.get(here))
    assert f'href="../{here[1:]}/day"' in page
    led = browser.get(f"{here}/day")
    assert (led.status_code, led.headers["Location"]) == (303, f"../..{link_of(desk)}")
    assert numbers(html(browser.follow(led))) == [case.number, other.number]
    followed = link(desk, case, Purpose.TRACK)
    assert "/day" not in html(browser.get(followed))
    assert browser.get(f"{followed}/day").status_code == 404
    desk.clock.advance(18 * HOUR)  # 04:00: that day is over, and the work link leads to the next
    assert browser.get(link_of(desk)).status_code == 410
    assert browser.follow(browser.get(f"{here}/day")).status_code == 200
    desk.do(desk.case(case), "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    for ended in (f"{here}/day", here):
        gone = browser.get(ended)
        assert gone.status_code == 410, "the work link has ended"
        assert "/c/riverside" not in html(gone), "what residents do is none of a handler's"
        (day,) = re.findall(r'href="([./]+d/\w+)"', html(gone))
        assert browser.get(day).status_code == 200


@pytest.mark.req("B9", "E5")
@pytest.mark.parametrize("end", ["sent_away", "withdrawn", "ran_out", "left"])
def test_an_ended_link_of_work_offers_the_desk_and_the_day_and_nothing_of_residents(
    desk: Office, browser: Browser, end: str
) -> None:
    case, place = assigned(desk), community(phone="0571-88001100")
    desk.stores.directory.put(place)  # type: ignore[attr-defined]
    here, followed = link(desk, case, Purpose.WORK), link(desk, case, Purpose.TRACK)
    if end == "sent_away":
        typed = {"reason": "在别处抢修", "once": "d", "version": str(case.version)}
        sent = browser.post(f"{here}/decline", typed)
        here = urljoin(f"{here}/decline", sent.headers["Location"])
        assert here.endswith("?done=decline")
    elif end == "withdrawn":
        desk.do(case, "withdraw", RESIDENT, ReasonForm("已自行修好"))
    elif end == "ran_out":
        desk.clock.advance(timedelta(days=400))
    else:
        staff = tuple(replace(who, active=who.username != HANDLER.id) for who in place.staff)
        desk.stores.directory.put(replace(place, staff=staff))  # type: ignore[attr-defined]
    gone = browser.get(here)
    assert gone.status_code == (200 if end == "sent_away" else 410)
    assert "/c/riverside" not in html(gone)
    assert 'href="tel:057188001100"' in html(gone)
    days = re.findall(r'href="([./]+(?:d/\w+|desk/riverside/day))"', html(gone))
    assert [browser.get(day).status_code for day in days] == {"ran_out": [401], "left": []}.get(end, [200])
    if end == "ran_out":
        assert 'href="../c/riverside/cases"' in html(browser.get(followed)), "a resident goes on as before"


@pytest.mark.req("E8", "G13")
def test_a_day_shows_no_case_of_somebody_else_and_no_shielded_name(desk: Office, browser: Browser) -> None:
    shielded = assigned(desk, shielded=True, unit="6-0606")  # type: ignore[arg-type]
    other = desk.register(matter="lighting_lock", kind="repair", unit="9-0909").case
    page = browser.get(link_of(desk))
    shown = text(page)
    (map_of,) = [part.split('"')[0] for part in html(page).split('href="https://uri.amap.com')[1:]]
    assert "6" not in map_of.replace("%E6", "").replace("%B6", ""), "nor which building it is"
    assert shielded.number in shown
    assert "王芳" not in shown
    assert "6-0606" not in shown
    assert other.number not in shown
    answer = browser.post(link_of(desk) + "/sign", {"picks": other.number, "once": "k"})
    assert "没有这件工单" in text(answer) or "未签收1件" in text(answer)
    assert desk.case(other).state is not State.SIGNED


@pytest.mark.req("B9", "E8")
def test_who_is_signed_in_has_the_same_page_and_the_look_is_on_record(desk: Office, browser: Browser) -> None:
    case = assigned(desk)
    browser.sign_in(HANDLER.id)
    page = html(browser.get("/desk/riverside/day"))
    assert f"cases/{case.number}?act=sign#do-sign" in page
    assert "今日工作" in page
    action = next(action for action in Form(page).forms if action.endswith("day/sign"))
    assert "已签收1件" in text(browser.post(action, Form(page).forms[action]))
    assert desk.case(case).state is State.SIGNED
    looks = desk.stores.looks.page("riverside", "person", HANDLER.id, 10, None).items
    assert any(case.number in look.numbers for look in looks)


def mornings(place: Office, **more: object) -> Mornings:
    return Mornings(replace(delivery(place), **more))


@pytest.mark.req("B9", "B11", "G8")
def test_the_link_comes_once_in_the_morning_of_a_working_day_to_who_has_work(
    desk: Office, browser: Browser
) -> None:
    assigned(desk)
    desk.clock.advance(-2 * HOUR)  # 07:00
    assert mornings(desk).tell() == 0, "nobody is woken"
    desk.clock.advance(2 * HOUR)
    assert mornings(desk).tell() == 1, "only whoever has work"
    assert mornings(desk).tell() == 0, "once"
    (said,) = [message for to, message in desk.sms.sent if to == phone_of(HANDLER.id) and "/d/" in message]
    assert "待签收1件" in said
    assert browser.get(said.rpartition("https://suda.cn")[2]).status_code == 200
    desk.clock.advance(24 * HOUR)
    assert mornings(desk).tell() == 1, "on Tuesday, by another link"
    desk.clock.advance(3 * HOUR)
    desk.stores.links.remember("mornings#riverside", None, desk.clock() + HOUR)
    assert mornings(desk).tell() == 0, "no morning any more"
    desk.clock.advance(4 * 24 * HOUR - 3 * HOUR)  # Saturday 28 November, 09:00
    assert mornings(desk).tell() == 1, "whoever is on duty by the roster"


@pytest.mark.req("B9", "B11")
def test_on_a_day_off_only_who_has_a_visit_or_is_on_duty_is_told() -> None:
    place = office(community(shifts=()))
    place.clock.advance(4 * 24 * HOUR)
    visited(place, MONDAY + 5 * 24 * HOUR + 3 * HOUR, matter="seepage")
    assigned(place, unit="4-0402")
    place.clock.advance(24 * HOUR)  # Saturday 28 November, 09:00
    assert mornings(place).tell() == 1, "the visit was agreed to"
    other = office(community(shifts=()))
    other.clock.advance(4 * 24 * HOUR)
    assigned(other)
    other.clock.advance(24 * HOUR)
    assert mornings(other).tell() == 0, "what is due waits for Monday"


@pytest.mark.req("B9")
def test_the_agreed_return_for_a_signature_is_a_visit_of_its_day(desk: Office, browser: Browser) -> None:
    case = completed(desk)
    case = desk.do(case, "nobody_home", HANDLER, NobodyHomeForm(MONDAY + 5 * HOUR))
    sooner = visited(desk, MONDAY + 3 * HOUR, unit="5-0301")
    page = html(browser.get(link_of(desk)))
    assert numbers(page) == [sooner.number, case.number]
    assert "今日上门 2" in text(browser.get(link_of(desk)))
    assert page.index("12:00") < page.index("14:00")


@pytest.mark.req("B9", "C3")
def test_who_is_away_is_left_alone_and_what_did_not_leave_is_tried_again() -> None:
    starts = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)
    away = DutyChange("c1", LEAVE, HANDLER.id, starts, starts + timedelta(days=1))
    place = office(community(duty_changes=(away,)))
    assigned(place)
    assert mornings(place).tell() == 0
    other = office()
    assigned(other)
    other.sms.failures, other.mail.failures = ([DeliveryError("down", final=False)] for _ in range(2))
    with pytest.raises(DeliveryError):
        mornings(other).tell()
    with pytest.raises(DeliveryError):
        mornings(other, budgets=Budgets(community_hour=0)).tell()
    assert mornings(other, budgets=Budgets(community_hour=9)).tell() == 1
    assert mornings(other).tell() == 0
    assert mornings(other).tell(lambda: False) == 0


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_the_sms_of_the_morning_is_one_part(language: str) -> None:
    most = {"visits": "100", "due": "100", "signs": "100", "all": "100", "name": "", "community": ""}
    url = "https://suda.example-wuye.com/d/AbCdEfGh23"
    assert fits_one_part(write_sms(texts(language), KIND, None, {**most, "url": url}))
