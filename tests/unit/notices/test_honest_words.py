"""What a message to a resident says of its own end, and what it never says (A13, B7, G9)."""

import re

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.notices.details import ADOPTED, DECLINED, FINAL
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeChannel, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import CLOCKS, Clock
from chalicelib.domain.work.forms import SuggestionForm
from tests.browser import assigned, browsing, link, text
from tests.builders import office
from tests.notice_samples import TO_RESIDENT, a_case, every_notice, mail, sms
from tests.stories import MANAGER, OTHER_HANDLER, SUPERVISOR, Story, in_state
from tests.words import texts

INNER = [clock for clock in Clock if not CLOCKS[clock].promised]


def told_of(story: Story, kind: NoticeKind) -> list[str | None]:
    notices = due(story.outcomes[-1], story.context)
    return [
        notice.detail
        for notice in notices
        if (notice.kind, notice.recipient, notice.channel) == (kind, RESIDENT_ID, NoticeChannel.SMS)
    ]


@pytest.mark.req("A13")
@pytest.mark.parametrize("adopted", [True, False])
def test_the_message_says_whether_a_suggestion_is_adopted(adopted: bool) -> None:
    story = Story().register(kind="suggestion", matter="greening")
    story.do("decide_suggestion", MANAGER, SuggestionForm(adopted, "下月起实行" if adopted else "没有位置"))
    detail = ADOPTED if adopted else DECLINED
    assert told_of(story, NoticeKind.COMPLETED) == [detail]
    [said] = {
        sms(notice, a_case())
        for notice in every_notice()
        if (notice.kind, notice.detail) == (NoticeKind.COMPLETED, detail)
    }
    assert ("已采纳，谢谢" in said) == adopted
    assert ("未采纳，理由请看" in said) == (not adopted)


@pytest.mark.req("G9")
def test_no_closing_invites_to_a_link_that_would_refuse() -> None:
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.reopen.returns):
        story.do("rate", RESIDENT, RateForm(1, "还是漏")).do("assign", SUPERVISOR).do("sign", OTHER_HANDLER)
        story.do("complete", OTHER_HANDLER)
    story.do("rate", RESIDENT, RateForm(1, "还是漏"))
    assert story.case.state is State.CLOSED
    assert told_of(story, NoticeKind.CLOSED) == [FINAL]
    [said] = {sms(notice, a_case()) for notice in every_notice() if notice.detail == FINAL}
    assert "请新登记" in said
    assert "如有问题请点" not in said


@pytest.mark.req("B7", "E5")
def test_no_message_or_page_of_a_resident_names_a_clock_of_the_company_s_own() -> None:
    names = "|".join(re.escape(texts().words["clocks"][clock]) for clock in INNER)
    named = re.compile(rf"(前|最晚|· |“)({names})(?!分类)")  # sorting is promised
    case = a_case()
    for notice in every_notice():
        if notice.kind not in TO_RESIDENT or notice.detail in INNER or notice.kind is NoticeKind.PROMISED:
            continue  # "answered by", at a revisit, is a promise of its own
        assert not named.search(sms(notice, case)), notice
        assert not named.search(mail(notice, case).body), notice


@pytest.mark.req("B7", "E5")
def test_the_tracking_page_names_no_clock_of_the_company_s_own() -> None:
    desk = office()
    with browsing(desk) as browser:
        case = assigned(desk, kind="complaint")
        assert {Clock.SIGN} <= case.clocks.deadlines.keys()
        seen = text(browser.get(link(desk, case, Purpose.TRACK)))
        for clock in INNER:
            assert f"{texts().words['clocks'][clock]} ：最晚" not in seen, clock
