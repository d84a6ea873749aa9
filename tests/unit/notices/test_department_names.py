"""One rule for what a department is called: whoever reads English reads no Chinese name (A11)."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.handover import Handover
from chalicelib.domain.community.roster import LEAVE, DutyChange, Shift
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.services.duty.chase import HandoverChase
from chalicelib.services.duty.unwritten import UnwrittenChase
from chalicelib.services.duty.watch import DutyWatch
from tests.api_desk import ApiDesk, api_desk, report_body
from tests.browser import browsing, html, link, text
from tests.builders import MONDAY, SUPERVISOR, Office, community, office
from tests.sending import delivery, send
from tests.words import WORDS

OWN = {"engineering": "维修队", "desk": "前台", "pool": "泳池组"}
CALLED = {
    "zh-CN": ["维修队", "前台", "泳池组"],
    "zh-TW": ["维修队", "前台", "泳池组"],
    "en": ["Engineering", "Service desk", "泳池组"],
}
EVERY_DAY = tuple(range(7))


def place(language: str) -> Office:
    """A community with departments of its own names, whose staff read that language; one engineer is away."""
    staff = tuple(
        replace(member, language=language, name=member.username, email=f"{member.username}@example.com")
        for member in community().staff
    )
    starts = datetime(2026, 12, 1)  # noqa: DTZ001 - local, as a roster is
    away = DutyChange("c1", LEAVE, "engineering-1", starts, starts + timedelta(days=1))
    turns = (
        Shift("engineering", "engineering-1", EVERY_DAY, time(8), time(20)),
        Shift("engineering", "engineering-2", EVERY_DAY, time(20), time(8)),
    )
    return office(community(staff=staff, departments=OWN, duty_changes=(away,), shifts=turns))


def gap(made: Office) -> None:
    assert DutyWatch(delivery(made)).tell()


def unsigned(made: Office) -> None:
    handed = Handover("one", "engineering", "engineering-1", "engineering-2", MONDAY, "无")
    made.desk.directory.handovers.write("riverside", handed)
    made.clock.advance(timedelta(minutes=40))
    assert HandoverChase(delivery(made)).tell()


def unwritten(made: Office) -> None:
    made.clock.advance(timedelta(hours=13))
    assert UnwrittenChase(delivery(made)).tell()


def escalated(made: Office) -> None:
    """Messages of a case: to its resident, who chose the language, and to staff."""
    language = made.desk.directory.community("riverside").staff[0].language
    case = made.register(kind="complaint", matter="lighting_lock", severity="serious", language=language).case
    made.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "-"))
    send(made)
    made.clock.advance(timedelta(days=9))
    send(made)


@pytest.mark.req("A11", "B14")
@pytest.mark.parametrize("tell", [gap, unsigned, unwritten, escalated])
def test_messages_call_a_department_as_their_reader_does(tell: object) -> None:
    for language, called in (("zh-CN", "维修队"), ("en", "Engineering")):
        made = place(language)
        tell(made)  # type: ignore[operator]
        said = [text for _, text in made.sms.sent] + [f"{sent[1]}\n{sent[2]}" for sent in made.mail.sent]
        assert any(called in text for text in said), language
        other = {"zh-CN": "Engineering", "en": "维修队"}[language]
        assert not [text for text in said if other in text], language


@pytest.mark.req("A5", "A11", "E5")
def test_receipt_and_tracking_link_call_it_as_their_reader_does() -> None:
    for language, called in (("zh-CN", "维修队"), ("en", "Engineering")):
        with api_desk(community("named", departments=OWN)) as desk:
            receipt, view = by_api(desk, language)
            assert ("维修队" in receipt) == (language != "en")
            assert view == called
    with browsing(place("en")) as browser:
        case = browser.office.register(kind="repair", matter="lighting_lock").case
        page = browser.get(f"{link(browser.office, case, Purpose.TRACK)}?lang=en")
        assert "Engineering" in text(page)
        assert "维修队" not in html(page)


def by_api(desk: ApiDesk, language: str) -> tuple[str, str]:
    """What the receipt says comes next, and the department on the link's view."""
    headers = {"Accept-Language": language}
    body = report_body(kind="repair", matter="lighting_lock")
    made = desk.post("/v1/communities/named/cases", body, headers=headers).json_body
    code = made["tracking_url"].rpartition("/")[2]
    return made["next"], desk.get(f"/v1/links/{code}", headers=headers).json_body["department_name"]


@pytest.mark.req("A11")
def test_a_renamed_department_keeps_its_name_in_chinese_and_one_of_its_own_everywhere() -> None:
    here = community(departments=OWN)
    for language, called in CALLED.items():
        assert [department_name(name, here, WORDS.get(language)) for name in OWN] == called, language
    assert department_name("gone", here, WORDS.get("en")) == "gone"


@pytest.mark.req("A11")
def test_nobody_names_a_department_but_by_the_rule() -> None:
    """Besides it: the roster's file, which is read again as it was written, and refusals to planners."""
    free = {"department_names.py", "roster_file.py", "roster_checks.py", "entry.py"}
    named = re.compile(r"\.departments(\.get\(|\[)")
    found = [path.name for path in Path("chalicelib").rglob("*.py") if named.search(path.read_text("utf-8"))]
    assert set(found) <= free
