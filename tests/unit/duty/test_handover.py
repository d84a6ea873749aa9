"""One shift hands over to the next: written by one, signed by the other, chased until then (B14, S4)."""

from datetime import date, datetime, time, timedelta

import pytest

from chalicelib.domain.community.handover import Handover
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.community.shift_change import last_change, next_change
from chalicelib.domain.notices.templates import fits_one_part, write_sms
from chalicelib.services.duty.chase import KIND, HandoverChase
from chalicelib.services.duty.unwritten import KIND as UNWRITTEN
from chalicelib.services.duty.unwritten import UnwrittenChase
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import MONDAY, Office, community, office
from tests.rosters import EVERY_DAY, S2_SHIFTS
from tests.words import WRITTEN_IN, texts

PAGE = "/desk/riverside/handover"
HALF_AN_HOUR = timedelta(minutes=30)
NOTES = "3号楼地下室水泵有异响，已报工程部；钥匙两把在抽屉。"


def form(browser: Browser, act: str) -> dict[str, str]:
    forms = Form(html(browser.get(PAGE))).forms
    return next(fields for at, fields in forms.items() if at.endswith(f"handover/{act}"))


def plain(said: str) -> str:
    return said.replace("\u2068", "").replace("\u2069", "")


def chase(place: Office) -> int:
    return HandoverChase(
        Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts)
    ).tell()


@pytest.mark.req("B14")
def test_a_shift_is_handed_over_once_and_signed_for_by_the_other() -> None:
    with browsing(office()) as browser:
        case = browser.office.register(matter="lighting_lock", kind="repair").case
        browser.sign_in("engineering-1")
        typed = {**form(browser, "write"), "notes": NOTES, "to": "engineering-2"}
        for _ in range(2):  # sent twice
            said = plain(text(browser.follow(browser.post(f"{PAGE}/write", typed))))
        assert said.count("签字交班，交给工程部乙") == 1
        assert NOTES in said
        assert "交班时未办结 1 件" in said
        other = browser.post(f"{PAGE}/write", {**typed, "notes": "别的"})
        assert (other.status_code, "别的" in text(other)) == (409, True)
        (waiting,) = browser.office.desk.directory.community("riverside").unsigned
        own = browser.post(f"{PAGE}/sign", {**typed, "handover": waiting.id})
        assert (own.status_code, "不能自己签字接班" in text(own)) == (403, True)
        browser.cookie = ""
        browser.sign_in("engineering-2")
        assert "请阅读后签字接班" in text(browser.get("/desk/riverside"))
        assert case.number in text(browser.get(PAGE))
        sign = form(browser, "sign")
        for _ in range(2):
            said = plain(text(browser.follow(browser.post(f"{PAGE}/sign", sign))))
        assert "工程部乙 11月23日 周一 09:00 签字接班" in said
        assert "请阅读后签字接班" not in text(browser.get("/desk/riverside"))
        browser.cookie = ""
        browser.sign_in("engineering-head")
        late = browser.post(f"{PAGE}/sign", {**sign, "csrf": form(browser, "write")["csrf"]})
        assert (late.status_code, "已有同事签字接班" in text(late)) == (409, True)


@pytest.mark.req("B14", "E8")
def test_a_handler_is_led_to_no_case_that_would_not_open() -> None:
    with browsing(office()) as browser:
        case = browser.office.register(matter="lighting_lock", kind="repair").case
        address = f"/desk/riverside/cases/{case.number}"
        for username in ("engineering-1", "engineering-2", "engineering-head"):
            browser.cookie = ""
            browser.sign_in(username)
            page, opens = browser.get(PAGE), browser.get(address).status_code == 200
            assert case.number in text(page), "everybody of the shift knows of it"
            assert (f'cases/{case.number}"' in html(page)) is opens, username


@pytest.mark.req("B14", "E8")
def test_what_cannot_be_is_said_and_another_department_is_not_read() -> None:
    with browsing(office()) as browser:
        browser.sign_in("engineering-1")
        typed = {**form(browser, "write"), "notes": NOTES, "to": "engineering-2"}
        for wrong, status, said in (
            ({"notes": " "}, 400, "请填写“交班记录”。"),
            ({"notes": "长" * 2001}, 400, "“交班记录”有 2001 个字，最多 2000 个字，请缩短。"),
            ({"to": "security-1"}, 400, "接班"),
            ({"to": "engineering-1"}, 400, "接班"),
            ({"department": "security"}, 403, ""),
            ({"department": "nowhere"}, 403, ""),
        ):
            answer = browser.post(f"{PAGE}/write", {**typed, **wrong})
            assert (answer.status_code, said in text(answer)) == (status, True), (wrong, text(answer))
        assert NOTES in text(browser.post(f"{PAGE}/write", {**typed, "to": ""}))
        assert browser.post(f"{PAGE}/sign", {**typed, "handover": "x"}).status_code == 404
        assert browser.post(f"{PAGE}/burn", typed).status_code == 404
        assert browser.get(f"{PAGE}?department=security").status_code == 200
        assert "秩序部甲" not in text(browser.get(f"{PAGE}?department=security"))
        browser.follow(browser.post(f"{PAGE}/write", {**typed, "begun": "yesterday"}))


def unwritten(place: Office) -> int:
    return UnwrittenChase(
        Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts)
    ).tell()


def handed(place: Office, at: datetime, by: str = "agent-2") -> None:
    """A handover of the desk that was signed for."""
    written = Handover(f"{at:%Y%m%dT%H%M}", "desk", by, "agent-1", at, "无", (), "agent-1", at)
    assert place.desk.directory.handovers.write("riverside", written)


@pytest.mark.req("B14")
def test_what_nobody_writes_is_chased_where_shifts_are_handed_over() -> None:
    with browsing(office(community(shifts=S2_SHIFTS))) as browser:  # 09:00; the night's shift left at 8
        place = browser.office
        place.clock.advance(HALF_AN_HOUR)
        assert unwritten(place) == 1, "also where nobody has ever handed over"
        place.clock.advance(timedelta(hours=8))  # the next change was at 17:00
        assert unwritten(place) == 0, "who has not begun hears of one change a week"
        place.clock.advance(timedelta(hours=-8))
        place.desk.links.remember("unwritten#riverside", None, MONDAY)
        place.mail.sent.clear()
        place.clock.advance(-HALF_AN_HOUR)
        handed(place, MONDAY - timedelta(hours=9, minutes=10))  # for the change at midnight
        assert unwritten(place) == 0, "they have half an hour"
        place.desk.links.remember("unwritten#riverside", None, MONDAY)
        place.clock.advance(HALF_AN_HOUR)
        assert [unwritten(place) for _ in range(3)] == [1, 0, 0]
        assert [address for address, subject, _ in place.mail.sent if "还没有交班记录" in subject] == [
            "supervisor@example.com"
        ]
        browser.sign_in("agent-1")
        assert "09:00换班还没有交班记录" in plain(text(browser.get(PAGE))).replace(" ", "")
        place.clock.advance(timedelta(hours=2))
        assert unwritten(place) >= 1, "whoever leads them, too"
        assert unwritten(place) == 0
        place.clock.advance(timedelta(hours=6))  # 17:30: agent-1 has left at 17:00
        handed(place, MONDAY + timedelta(hours=7, minutes=40), "agent-1")
        assert unwritten(place) == 0, "it was written before the change"
        assert "换班还没有交班记录" not in plain(text(browser.get(PAGE)))


def shifts_of(*turns: tuple[str, int, int]) -> tuple[Shift, ...]:
    """Turns of engineering on each day, from and to an hour."""
    return tuple(
        Shift("engineering", who, EVERY_DAY, time(starts), time(ends)) for who, starts, ends in turns
    )


@pytest.mark.req("B14")
@pytest.mark.parametrize(
    ("turns", "changes"),
    [
        ([("engineering-1", 8, 18)], []),
        (
            [("engineering-1", 8, 17), ("engineering-2", 9, 18)],
            [],
        ),  # staggered: who goes first leaves nothing
        ([("engineering-1", 8, 12), ("engineering-2", 14, 18)], []),  # nobody to hand over to
        ([("engineering-1", 6, 14), ("engineering-2", 14, 22)], [14]),
        ([("engineering-1", 6, 14), ("engineering-2", 13, 22)], [14]),  # an hour together
        ([("engineering-1", 0, 8), ("engineering-2", 8, 16), ("agent-2", 16, 0)], [0, 8, 16]),
        ([("engineering-1", 8, 20), ("engineering-2", 20, 8), ("agent-2", 9, 17)], [8, 20]),
    ],
)
def test_a_department_whose_shifts_follow_each_other_hands_over(
    turns: list[tuple[str, int, int]], changes: list[int]
) -> None:
    place = community(shifts=shifts_of(*turns))
    found = set()
    for quarter in range(96):
        at = MONDAY + timedelta(minutes=15 * quarter)
        change = last_change(place, "engineering", at)
        found |= {place.roster.local(change.at).hour} if change else set()
        coming = next_change(place, "engineering", at)
        assert coming is None or timedelta() < coming.at - at <= timedelta(hours=3)
    assert sorted(found) == changes


@pytest.mark.req("B14")
def test_whoever_goes_soon_is_asked_to_hand_over_on_the_first_page() -> None:
    with browsing(office(community(shifts=S2_SHIFTS))) as browser:  # 09:00; agent-1 goes at 17:00
        browser.sign_in("agent-1")
        asked = "客服中心：您的班到 11月23日 周一 17:00，请交班"
        assert asked not in plain(text(browser.get("/desk/riverside")))
        browser.office.clock.advance(timedelta(hours=7))
        assert asked in plain(text(browser.get("/desk/riverside")))
        browser.follow(
            browser.post(f"{PAGE}/write", {**form(browser, "write"), "to": "agent-2", "notes": "一切正常"})
        )
        assert asked not in plain(text(browser.get("/desk/riverside")))
        browser.cookie = ""
        browser.sign_in("agent-2")
        browser.follow(browser.post(f"{PAGE}/sign", form(browser, "sign")))
        assert not browser.office.desk.directory.community("riverside").unsigned
        browser.cookie = ""
        browser.sign_in("agent-1")
        assert asked not in plain(text(browser.get("/desk/riverside"))), "signed for, it is handed over too"


@pytest.mark.req("B14")
def test_the_end_of_a_day_is_no_change_of_shift() -> None:
    place = office()  # engineering has one turn a day, 08:00 to 20:00
    for hours in range(24):
        change = last_change(community(), "engineering", MONDAY + timedelta(hours=hours))
        assert change is None, hours
    assert unwritten(place) == 0


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_the_sms_about_what_nobody_wrote_is_one_part(language: str) -> None:
    at = texts(language).words["roster"]["at"]
    when = at.format(month=12, day=31, date=date(2026, 12, 31), starts="08:30")
    url = "https://suda.example-wuye.com/desk/cuiyuan/handover"
    values = {"department": "客户服务中心", "when": when, "url": url, "name": "", "community": ""}
    assert fits_one_part(write_sms(texts(language), UNWRITTEN, None, values))


@pytest.mark.req("B14")
def test_what_nobody_signs_is_chased_until_somebody_has() -> None:
    with browsing(office()) as browser:
        place = browser.office
        browser.sign_in("engineering-1")
        typed = {**form(browser, "write"), "notes": NOTES, "to": "engineering-2"}
        browser.follow(browser.post(f"{PAGE}/write", typed))
        assert chase(place) == 0
        place.clock.advance(timedelta(minutes=31))
        place.sms.failures = [DeliveryError("down", final=False)]
        with pytest.raises(DeliveryError):
            chase(place)
        assert (chase(place), chase(place)) == (1, 0)
        assert place.sms.sent[-1][1].startswith("【诉达】工程部11月23日09:00交班，尚未签字接班")
        place.clock.advance(timedelta(hours=2))
        assert (chase(place), chase(place)) == (3, 0), "the taker, the head, the supervisor"
        (waiting,) = place.desk.directory.community("riverside").unsigned
        store = place.desk.directory.handovers
        signed = store.one("riverside", "engineering", waiting.id)
        assert signed is not None
        store.sign("riverside", signed)
        place.clock.advance(timedelta(days=1))
        assert chase(place) == 0


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_the_sms_is_one_part_with_long_names(language: str) -> None:
    values = {
        "name": "欧阳文静",
        "community": "翠苑五区",
        "writer": "欧阳文静",
        "department": "客户服务中心",
        "when": "12月31日08:30",
        "url": "https://suda.example-wuye.com/desk/cuiyuan",
    }
    assert fits_one_part(write_sms(texts(language), KIND, None, values))
