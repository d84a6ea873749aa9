"""Nobody is forgotten: what stays open and late is said again each week, for years (B6, B7)."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.templates import fits_one_part
from chalicelib.domain.work.forms import CompleteForm, PauseForm
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.weekly import Weekly
from chalicelib.services.workflows.tasks import LONGEST_RUN
from tests.builders import SUPERVISOR, Office, community, office
from tests.machines import Machines
from tests.stories import HANDLER
from tests.words import texts

WEEK = timedelta(days=7)
HEAD = "head@example.com"


def weekly(place: Office) -> Weekly:
    return Weekly(
        Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts)
    )


def mails(place: Office) -> list[str]:
    """The weekly mails to the head of the company."""
    return [body for address, subject, body in place.mail.sent if address == HEAD and "逾期未结" in subject]


@pytest.mark.req("B6")
def test_what_is_open_and_overdue_is_said_again_each_week_until_it_is_done() -> None:
    place = office()  # Monday 09:00 in Shanghai
    case = place.register().case
    other = place.register().case
    assert weekly(place).tell() == 0
    for week in range(1, 6):
        place.clock.advance(WEEK * (4 if week == 1 else 1))
        place.register()
        assert weekly(place).tell() == 1
        for _ in range(3):
            place.clock.advance(timedelta(hours=1))
            assert weekly(place).tell() == 0, "once a week"
        place.clock.advance(timedelta(hours=-3))
        assert len(mails(place)) == week
        assert f"{case.number}、{other.number}" in mails(place)[-1]
        assert "https://desk.example.com/desk/riverside" in mails(place)[-1]
        assert "王芳" not in mails(place)[-1]
    assert "共 6 件" in mails(place)[-1] or "共 5 件" in mails(place)[-1]
    register = place.stores.cases.register("riverside", "202611", 99, None).items
    assert len(register) == 2


@pytest.mark.req("B6")
def test_nobody_is_told_of_what_is_done_held_or_not_late_yet() -> None:
    place = office()
    done, held, fresh = (place.register().case for _ in range(3))
    place.do(done, "withdraw", RESIDENT, ReasonForm("好了"))
    place.do(held, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    place.do(held, "sign", HANDLER, SignForm("甲"))
    reason = place.desk.context_of(held).regulation.pause.reasons[0]
    place.do(held, "pause", HANDLER, PauseForm(place.clock() + timedelta(days=9), reason, "订货单"))
    place.do(fresh, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    place.do(fresh, "sign", HANDLER, SignForm("甲"))
    place.do(fresh, "complete", HANDLER, CompleteForm("修好了", cause="老化"))
    place.clock.advance(WEEK)
    assert weekly(place).tell() == 0
    assert mails(place) == []


@pytest.mark.req("B6")
def test_one_person_gets_one_message_about_all_their_communities() -> None:
    here = community()
    there = replace(community("hillside"), name="山坡")
    place = office(here, there)
    one, two = place.register().case, place.register("hillside").case
    place.clock.advance(3 * WEEK)
    assert weekly(place).tell() == 1
    (mail,) = mails(place)
    assert one.number in mail
    assert two.number in mail
    assert "共 2 件" in mail


@pytest.mark.req("B6", "G3")
def test_what_could_not_leave_is_tried_again_and_nobody_is_woken() -> None:
    place = office()
    place.register()
    place.clock.advance(3 * WEEK)
    place.mail.failures = [DeliveryError("Throttled", final=False)]
    place.sms.failures = [DeliveryError("Throttled", final=False)]
    with pytest.raises(DeliveryError):
        weekly(place).tell()
    place.clock.advance(timedelta(hours=14))  # 23:00
    assert weekly(place).tell() == 0
    place.clock.advance(timedelta(hours=12))
    assert weekly(place).tell() == 1
    assert weekly(place).tell() == 0


@pytest.mark.req("B6")
def test_where_there_is_no_head_of_the_company_the_managers_hear() -> None:
    plain = community()
    staff = tuple(member for member in plain.staff if member.role is not Role.COMPANY_HEAD)
    place = office(replace(plain, staff=staff))
    place.register()
    place.clock.advance(3 * WEEK)
    assert weekly(place).tell() == 1
    manager = next(member for member in staff if member.role is Role.MANAGER)
    (sms,) = [text for phone, text in place.sms.sent if phone == manager.phone and "逾期" in text]
    assert fits_one_part(sms)


@pytest.mark.req("B6", "B7")
def test_a_case_that_nobody_touches_is_chased_for_three_years() -> None:
    """Its workflow hands over before it is a year old, and the head hears of it each week."""
    place = office(at=datetime(2026, 11, 23, 2, tzinfo=UTC))
    machines = Machines(place)
    case = place.register().case
    machines.deliver_all()
    machines.run()
    for _ in range(157):
        place.clock.advance(WEEK)
        machines.reconcile(thorough=False)
        machines.run()
        machines.deliver_all()
    assert len(mails(place)) >= 154
    assert all(case.number in mail for mail in mails(place))
    running = [run for run in machines.runs.values() if run.execution.running]
    (last,) = running
    assert place.clock() - datetime.fromisoformat(last.turn.begun_at) < LONGEST_RUN + timedelta(days=31)
    assert last.turn.restart >= 3
