"""No SMS is claimed for, or sent to, a number that takes none; mail carries it, or a person calls (G8)."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm
from tests.browser import browsing, html, link
from tests.builders import Office, community, office
from tests.sending import send

HANDLER = Actor(Role.HANDLER, "engineering-1")
NO_SMS = ["+862161234567", "+862161234567;ext=801", "+864008001234", "+868008201234"]


def through(place: Office, **contact: str | None) -> str:
    """A case of somebody with this contact, as far as its survey; its number."""
    case = place.register(matter="lighting_lock", kind="repair", **contact).case
    send(place)
    place.do(case, "assign", TIMER, AssignForm(handler="engineering-1", reason="on duty"))
    place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    place.do(case, "complete", HANDLER, CompleteForm(result="已更换灯泡。"))
    send(place)
    return case.number


@pytest.mark.req("G8", "A11")
@pytest.mark.parametrize("phone", NO_SMS)
def test_whoever_has_a_landline_gets_all_by_mail(phone: str) -> None:
    place = office()
    number = through(place, phone=phone, email="wang@example.com")
    assert phone not in {sent_to for sent_to, _ in place.sms.sent}
    subjects = [subject for address, subject, _ in place.mail.sent if address == "wang@example.com"]
    assert len(subjects) == 2, "the number, and the survey"
    told = [stored.notice for stored in place.stores.notices.of_case("riverside", number)]
    assert {notice.channel for notice in told if notice.recipient == "resident"} == {"mail"}


@pytest.mark.req("G8")
@pytest.mark.parametrize("phone", NO_SMS)
def test_without_mail_nothing_is_claimed_to_have_been_sent(phone: str) -> None:
    """The one notice that stands there says why no survey left."""
    place = office()
    number = through(place, phone=phone, email=None)
    assert phone not in {sent_to for sent_to, _ in place.sms.sent}
    stored = [
        (sent.notice.kind, sent.status, sent.error)
        for sent in place.stores.notices.of_case("riverside", number)
        if sent.notice.recipient == "resident"
    ]
    assert stored == [(NoticeKind.COMPLETED, "skipped", "no_address")]
    assert place.stores.figures.month("riverside", "202611")[TOTAL].get("surveys", 0) == 0


@pytest.mark.req("G8", "A11")
@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"phone": "+8613900001234"}, "将用短信发到您留的号码"),
        ({"phone": NO_SMS[0], "email": "wang@example.com"}, "将发到您留的邮箱"),
        ({"phone": NO_SMS[1]}, "收不到短信：进展、结果和需要您知道或答复的事，由客服打电话告诉您"),
        ({"phone": NO_SMS[2]}, "收不到短信：进展、结果和需要您知道或答复的事，由客服打电话告诉您"),
    ],
)
def test_the_receipt_says_by_what_way_it_comes(contact: dict[str, str], said: str) -> None:
    place = office()
    case = place.register(**contact).case
    with browsing(place) as browser:
        assert said in html(browser.get(f"{link(place, case, Purpose.TRACK)}/receipt"))


@pytest.mark.req("A3")
def test_the_handler_sees_the_extension_and_dials_it() -> None:
    place = office()
    case = place.register(matter="lighting_lock", kind="repair", phone=NO_SMS[1]).case
    case = place.do(case, "assign", TIMER, AssignForm(handler="engineering-1", reason="on duty"))
    with browsing(place) as browser:
        page = html(browser.get(link(place, case, Purpose.WORK)))
    assert 'href="tel:+862161234567,801"' in page
    assert "021 6123 4567 转 801" in page


@pytest.mark.req("G3")
def test_a_colleague_with_a_landline_is_told_by_mail() -> None:
    at_the_gate = replace(
        next(member for member in community().staff if member.username == "engineering-1"),
        phone="+862161234567",
        email="gate@example.com",
    )
    staff = [
        at_the_gate if member.username == at_the_gate.username else member for member in community().staff
    ]
    place = office(community(staff=tuple(staff)))
    case = place.register(matter="lighting_lock", kind="repair").case
    place.do(case, "assign", TIMER, AssignForm(handler="engineering-1", reason="on duty"))
    send(place)
    place.clock.set(place.case(case).clocks.deadlines[Clock.SIGN].due_at)
    place.do(case, "fire_timers", TIMER, TimersForm())
    send(place)
    assert "+862161234567" not in {phone for phone, _ in place.sms.sent}
    told = [(subject, body) for address, subject, body in place.mail.sent if address == "gate@example.com"]
    assert len(told) == 2, "the work, and that it is late, which has a text for SMS alone"
    assert all(case.number in subject or case.number[7:] in body for subject, body in told)
    assert "【" not in "".join(body for _, body in told)
