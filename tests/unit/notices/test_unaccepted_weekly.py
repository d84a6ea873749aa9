"""What closed and nobody accepted is said to the supervisors, four times at most (B9)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.forms import IdentifyForm
from chalicelib.domain.notices.templates import fits_one_part
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.unaccepted import UnacceptedWeekly
from tests.browser import completed
from tests.builders import AGENT, SUPERVISOR, Office, office
from tests.words import texts

WEEK = timedelta(days=7)


def weekly(place: Office) -> UnacceptedWeekly:
    return UnacceptedWeekly(
        Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts)
    )


def told(place: Office) -> list[str]:
    """The messages about it, of whichever way."""
    return [body for *_, body in (*place.sms.sent, *place.mail.sent) if "已结案" in body]


def closed(place: Office, **about: str | None) -> Case:
    case = completed(place, kind="repair", matter="home_other", **about)
    case = place.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    assert case.state is State.CLOSED
    return case


@pytest.mark.req("B9")
def test_each_closed_case_is_named_four_times_and_then_stands_in_lists_and_figures_only() -> None:
    place = office()  # Monday 09:00 in Shanghai
    case = closed(place)
    assert weekly(place).tell() == 1
    for _ in range(3):
        assert weekly(place).tell() == 0, "once a week"
    weeks = 1
    for _ in range(9):
        place.clock.advance(WEEK)
        weeks += weekly(place).tell()
    assert weeks == 4
    assert case.number in told(place)[0]
    assert "王芳" not in "".join(told(place))
    line = place.stores.cases.register("riverside", "202611", 9, None).items[0]
    assert line.unaccepted
    assert not place.case(case).is_listed


@pytest.mark.req("B9")
@pytest.mark.parametrize("ends", ["accept_work", "give_up_acceptance"])
def test_what_was_accepted_late_or_given_up_is_said_no_more(ends: str) -> None:
    place = office()
    case = closed(place)
    assert weekly(place).tell() == 1
    form = AcceptForm("王芳") if ends == "accept_work" else ReasonForm("三次联系不上")
    place.do(case, ends, RESIDENT if ends == "accept_work" else SUPERVISOR, form)
    place.clock.advance(WEEK)
    assert weekly(place).tell() == 0


@pytest.mark.req("B9", "G13")
def test_nobody_is_told_of_open_work_of_nothing_or_of_what_they_are_kept_from() -> None:
    place = office()
    completed(place, kind="repair", matter="home_other")
    assert weekly(place).tell() == 0, "while it is followed up, it is chased by itself"
    other = office()
    case = closed(other)
    other.do(case, "identify", SUPERVISOR, IdentifyForm("查明", "supervisor-1"))
    other.clock.advance(WEEK)
    assert weekly(other).tell() == 0
    assert told(other) == []


@pytest.mark.req("B9")
def test_one_that_could_not_leave_is_tried_again_and_it_fits_one_message() -> None:
    place = office()
    closed(place)
    place.sms.failures = [DeliveryError("Throttled", final=False)]
    place.mail.failures = [DeliveryError("Throttled", final=False)]
    with pytest.raises(DeliveryError):
        weekly(place).tell()
    assert weekly(place).tell() == 1
    assert weekly(place).tell() == 0
    (sms,) = [said for _, said in place.sms.sent if "已结案" in said]
    assert fits_one_part(sms)
    assert "https://desk.example.com/desk/riverside" in sms
