"""Crime, poisoning and traffic accidents are emergencies as fire is (A6, S4's class E)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.context import facts_of
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from tests.browser import Browser, browsing, text
from tests.builders import AGENT, community, office, regulations
from tests.stories import Story, context

CLASS_E = ("crime", "poisoning", "traffic")


@pytest.mark.req("A6")
@pytest.mark.parametrize("matter", [*CLASS_E, "fire", "medical", "flooding"])
@pytest.mark.parametrize("pack", regulations().ids())
def test_the_supervisor_and_the_duty_staff_know_at_once_under_every_pack(pack: str, matter: str) -> None:
    assert regulations().get(pack).matter(matter).urgency == "emergency"
    story = Story(context(pack=pack)).register(kind="help", matter=matter, report={"urgency": None})
    department = story.case.classification.department
    told = {one.recipient for one in due(story.outcomes[-1], story.context) if one.kind is NoticeKind.ALERT}
    assert told == {"supervisor-1", f"{department}-1"}
    assert set(story.context.regulation.told_at_once(facts_of(story.case.classification))) >= {
        "duty",
        "supervisor",
    }


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office(community())) as made:
        yield made


@pytest.mark.req("A6")
@pytest.mark.parametrize(
    ("matter", "numbers"),
    [
        ("crime", "公安 110、急救 120"),
        ("poisoning", "急救 120、公安 110"),
        ("traffic", "交警 122、公安 110、急救 120"),
        ("fire", "消防 119、急救 120"),
    ],
)
def test_the_page_names_the_outside_numbers_to_call(browser: Browser, matter: str, numbers: str) -> None:
    case = browser.office.register(actor=AGENT, kind="help", matter=matter).case
    browser.sign_in("agent-1")
    said = text(browser.get(f"/desk/riverside/cases/{case.number}")).replace(" ", "")
    assert f"先请求外援：{numbers}。".replace(" ", "") in said


@pytest.mark.req("A6")
def test_nobody_is_to_be_called_for_a_lamp(browser: Browser) -> None:
    case = browser.office.register(actor=AGENT, kind="repair", matter="lighting_lock").case
    browser.sign_in("agent-1")
    assert "请求外援" not in text(browser.get(f"/desk/riverside/cases/{case.number}"))
