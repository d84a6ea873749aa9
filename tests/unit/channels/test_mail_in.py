"""Mails to the desk: a case, a word on one, or something to look at; each once, and nothing lost (A1, A4)."""

from collections.abc import Iterator
from email import message_from_bytes
from email.mime.multipart import MIMEMultipart
from time import process_time
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.channels.mail_in import INBOX, LetterForNobodyError
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.services.intake.letters import OF_ONE_SENDER
from chalicelib.settings import settings
from tests import content
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, browsing, html, text
from tests.builders import Office, office
from tests.fakes.memory import CrashError
from tests.mails import SENDER, arrives, written

PHOTO = ("照片.jpg", "image/jpeg", b"photo")


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def cases(desk: ApiDesk | Office) -> list[Any]:
    memory = desk.memory if isinstance(desk, Office) else desk.office.memory
    assert memory is not None
    return memory.whole_cases()


def kept() -> dict[str, bytes]:
    found: dict[str, bytes] = wiring.desk().recordings.kept  # type: ignore[attr-defined]
    return found


@pytest.mark.req("A1", "A2", "A11")
def test_a_mail_is_a_case_and_its_sender_gets_a_receipt(desk: ApiDesk) -> None:
    raw = written(files=[PHOTO])
    assert arrives(raw) == {"cases": 1, "added": 0, "held": 0, "ours": 0}
    (case,) = cases(desk)
    assert (case.report.channel, case.report.email, case.report.resident_name) == ("email", SENDER, "孙女士")
    assert case.report.text == "厨房漏水\n厨房水龙头一直滴水，请派人来看。"
    assert case.report.evidence == ("照片.jpg (image/jpeg, 1 KB)",)
    assert list(kept().values()) == [raw], "the mail as it came, and nothing is left where it came in"
    notices = wiring.notices().of_case("riverside", case.number)
    to_resident = [
        (stored.notice.kind, stored.notice.channel)
        for stored in notices
        if stored.notice.recipient == "resident"
    ]
    assert to_resident == [(NoticeKind.REGISTERED, NoticeChannel.MAIL)]
    assert case.report.taken_by == "resident", "a stranger's: the caps of strangers hold for what it causes"


@pytest.mark.req("A1", "A4")
def test_a_mail_of_very_many_parts_waits_for_the_desk_and_stops_nothing(desk: ApiDesk) -> None:
    head, _, _ = written().partition(b"Content-Type:")
    part = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n"
    raw = head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 100_000 + b"--b--"
    began = process_time()
    assert arrives(raw) == {"cases": 0, "added": 0, "held": 1, "ours": 0}
    assert process_time() - began < 5
    assert list(kept().values()) == [raw]


@pytest.mark.req("A1", "A3")
def test_the_files_of_a_mail_are_those_of_its_case(desk: ApiDesk) -> None:
    files = [
        ("照片.jpg", "image/jpeg", content.jpeg()),
        ("合同.docx", "application/msword", b"PK\x03\x04"),
        ("声明.pdf", "application/octet-stream", content.pdf()),
    ]
    for _ in range(2):
        arrives(written(files=files))
    (case,) = cases(desk)
    assert [file.by for file in case.files] == ["resident", "resident"]
    assert case.report.left_out == ("合同.docx (application/msword, 1 KB)",), "it stands in the mail still"
    answer = written(
        "补一张",
        subject=f"Re: {case.number}",
        message_id="<2@x.cn>",
        files=[("b", "image/png", content.png())],
    )
    for _ in range(2):
        assert arrives(answer)["added"] == 1
    (after,) = cases(desk)
    assert len(after.files) == 3
    assert after.report.left_out == case.report.left_out


@pytest.mark.req("A1", "A3")
def test_a_locked_archive_is_left_in_the_mail_and_named(pages: tuple[Browser, Office]) -> None:
    browser, desk = pages
    locked = b"PK\x03\x04\x14\x00\x01\x00\x08\x00" + bytes(40)
    arrives(written(files=[("合同.zip", "application/zip", locked), ("a.png", "image/png", content.png())]))
    (case,) = cases(desk)
    assert [len(case.files), case.report.left_out] == [1, ("合同.zip (application/zip, 1 KB)",)]
    browser.sign_in("agent-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "合同.zip" in page, "whoever reads the case knows that there is more in the mail"


@pytest.mark.req("A1", "A3")
def test_a_mail_in_thirty_layers_is_read_to_its_last(desk: ApiDesk) -> None:
    """Forwarded once a day for a month: each program wraps what it got."""
    inner = written(files=[("a.png", "image/png", content.png())])
    message = message_from_bytes(inner)
    for layer in range(30):
        outer = MIMEMultipart("mixed", boundary=f"layer-{layer}")
        outer.attach(message)
        message = outer
    for head in ("From", "To", "Subject", "Message-ID"):
        message[head] = message_from_bytes(inner)[head]
    for _ in range(2):
        arrives(message.as_bytes())
    (case,) = cases(desk)
    assert "厨房水龙头一直滴水" in case.report.text
    assert len(case.files) == 1


@pytest.mark.req("A4")
def test_a_mail_that_arrives_again_is_the_same(desk: ApiDesk) -> None:
    raw = written()
    arrives(raw)
    arrives(raw, message="another-id-of-ses")
    arrives(b"Received: by mx2\r\n" + raw)
    (case,) = cases(desk)
    assert len(case.report.recordings) == 1


@pytest.mark.req("A1", "A4")
def test_an_answer_is_a_word_on_its_case_once(desk: ApiDesk) -> None:
    arrives(written())
    (case,) = cases(desk)
    answer = written(
        "还在滴。\n\n-----原始邮件-----\n已登记",
        subject=f"回复：{case.number} 已受理",
        message_id="<2@example.com>",
    )
    for _ in range(2):
        assert arrives(answer)["added"] == 1
    (after,) = cases(desk)
    assert after.report.text.endswith(f"回复：{case.number} 已受理\n还在滴。")
    assert after.report.text.count("还在滴") == 1
    assert len(after.report.recordings) == 2


@pytest.mark.req("A1", "E8")
@pytest.mark.parametrize(
    ("sender", "checks"),
    [
        ("other@example.com", {}),
        (SENDER, {"dmarc": "GRAY", "spf": "FAIL", "dkim": "FAIL"}),
        (SENDER, {"dmarc": "FAIL"}),
        (SENDER, {"dmarc": "GRAY", "spf": "GRAY", "dkim": "GRAY"}),
        (SENDER, {"dmarc": "GRAY"}),
    ],
)
def test_whoever_is_not_its_reporter_adds_nothing_to_a_case(
    desk: ApiDesk, sender: str, checks: dict[str, str]
) -> None:
    arrives(written())
    (first,) = cases(desk)
    answer = written("我也漏水。", subject=f"Re: {first.number}", sender=sender, message_id="<2@example.com>")
    assert arrives(answer, checks=checks, source="bounce@example.org")["cases"] == 1
    other = next(case for case in cases(desk) if case.number != first.number)
    assert "我也漏水" not in desk.office.case(first).report.text
    assert (other.report.email, other.report.follows) == (sender, first.number)


@pytest.mark.req("A1", "E8")
@pytest.mark.parametrize("source", [SENDER, "bounce@mail.example.com"])
def test_without_dmarc_the_senders_own_servers_speak_for_a_mail(desk: ApiDesk, source: str) -> None:
    arrives(written())
    (case,) = cases(desk)
    answer = written("还在滴。", subject=f"Re: {case.number}", message_id="<2@example.com>")
    assert arrives(answer, checks={"dmarc": "GRAY", "dkim": "GRAY"}, source=source)["added"] == 1


@pytest.mark.req("A1", "E8")
@pytest.mark.parametrize(
    "head",
    [
        f"From: =?utf-8?Q?{SENDER.replace('@', '=40')}=2C?= <b@evil.example>",
        f"From: =?utf-8?Q?=22{SENDER.replace('@', '=40')}=22?= <b@evil.example>",
        f"From: =?utf-8?Q?{SENDER.replace('@', '=40')}?= <b@evil.example>",
        f"From: {SENDER}\nFrom: b@evil.example",
        f"From: b@evil.example\nFrom: {SENDER}",
        f"From: {SENDER}, b@evil.example",
        f'From: "x\\", {SENDER}, y" <b@evil.example>',
    ],
)
def test_nobody_writes_as_another_by_how_a_sender_is_spelled(desk: ApiDesk, head: str) -> None:
    arrives(written())
    (first,) = cases(desk)
    answer = written(
        "假话。", subject=f"Re: {first.number}", sender="x@x.example", message_id="<2@example.com>"
    )
    arrives(answer.replace(b"From: x@x.example", head.encode()), checks={"dmarc": "PASS"})
    assert "假话" not in desk.office.case(first).report.text
    assert {case.report.email for case in cases(desk)} <= {SENDER, "b@evil.example"}
    assert sum(case.report.email == SENDER for case in cases(desk)) == 1


@pytest.mark.req("A1")
def test_an_answer_to_a_case_that_is_over_is_one_of_its_own(desk: ApiDesk) -> None:
    arrives(written())
    (first,) = cases(desk)
    desk.office.do(first, "withdraw", RESIDENT, ReasonForm("不用了"))
    arrives(written("又漏了。", subject=f"Re: {first.number}", message_id="<2@example.com>"))
    other = next(case for case in cases(desk) if case.number != first.number)
    assert (other.report.follows, desk.office.case(first).report.text) == (first.number, first.report.text)


@pytest.mark.req("A1", "A3")
def test_a_long_mail_is_taken_whole_piece_by_piece(desk: ApiDesk) -> None:
    words = "".join(f"第{place}句，水一直滴。" for place in range(500))
    arrives(written(words))
    arrives(written(words))
    (case,) = cases(desk)
    assert "".join(case.report.text.split()).endswith(words)


@pytest.mark.req("A1", "C3")
@pytest.mark.parametrize(
    ("mail", "checks", "why"),
    [
        ({}, {"spam": "FAIL"}, "spam"),
        ({}, {"virus": "FAIL"}, "virus"),
        ({}, {"dmarc": "FAIL"}, "forged"),
        ({"Auto_Submitted": "auto-replied"}, {}, "machine"),
        ({"sender": "Mail Delivery <MAILER-DAEMON@example.com>"}, {}, "machine"),
        ({"text": "", "subject": ""}, {}, "unreadable"),
        ({"sender": "undisclosed"}, {}, "unreadable"),
    ],
)
def test_what_is_doubtful_waits_and_is_not_thrown_away(
    desk: ApiDesk, mail: dict[str, Any], checks: dict[str, str], why: str
) -> None:
    raw = written(**mail)
    for _ in range(2):
        arrives(raw, checks=checks, dmarcPolicy="reject")
    assert cases(desk) == []
    assert {f"-{why}-" in name for name in kept()} == {True}
    assert set(kept().values()) == {raw}


def test_our_own_mail_comes_back_to_nobody(desk: ApiDesk) -> None:
    assert arrives(written(sender=f"Desk <{settings().mail_from.upper()}>"))["ours"] == 1
    assert (cases(desk), kept()) == ([], {})


@pytest.mark.req("A1", "C3")
def test_beyond_the_pace_of_people_mails_wait(desk: ApiDesk) -> None:
    for place in range(OF_ONE_SENDER.most):
        arrives(written(f"第{place}次", message_id=f"<{place}@example.com>"))
    assert arrives(written("再一次", message_id="<more@example.com>"))["held"] == 1
    assert len(cases(desk)) == OF_ONE_SENDER.most


@pytest.mark.req("A1")
def test_a_mail_for_nobody_stays_and_is_an_error(desk: ApiDesk) -> None:
    with pytest.raises(LetterForNobodyError):
        arrives(written(), "nobody@mail.example.com")
    assert list(kept()) == [name for name in kept() if name.startswith(INBOX)] != []
    assert arrives(written(), "Desk+Riverside@mail.example.com", "hilltop@mail.example.com")["cases"] == 2


@pytest.mark.req("A1")
def test_a_register_that_does_not_answer_loses_no_mail(desk: ApiDesk) -> None:
    raw, memory = written(), desk.office.memory
    assert memory is not None
    memory.faults["cases.create"] = ["before"]
    with pytest.raises(CrashError):
        arrives(raw)
    assert cases(desk) == []
    assert any(name.startswith(INBOX) for name in kept())
    arrives(raw)
    (case,) = cases(desk)
    assert case.report.recordings


@pytest.fixture
def pages() -> Iterator[tuple[Browser, Office]]:
    made = office()
    with browsing(made) as browser:
        browser.sign_in("agent-1")
        yield browser, made


def held(why: str) -> str:
    return next(name for name in kept() if f"-{why}-" in name).rpartition("/")[2]


def csrf(browser: Browser) -> str:
    return html(browser.get("/desk/riverside/held")).split('name="csrf" value="')[1].split('"')[0]


@pytest.mark.req("A1", "E8")
def test_the_desk_sees_what_waits_and_takes_it_in_or_throws_it_away(pages: tuple[Browser, Office]) -> None:
    browser, made = pages
    assert "没有待看的邮件" in text(browser.get("/desk/riverside/held"))
    photo = [("照片.jpg", "image/jpeg", content.jpeg())]
    arrives(written("请看<b>看</b>我家漏水", files=photo), checks={"spam": "FAIL"})
    arrives(written("附件是发票", message_id="<2@example.com>", files=photo), checks={"virus": "FAIL"})
    shown = browser.get("/desk/riverside/held")
    for said in ("疑似垃圾邮件", "检出病毒", SENDER, "孙女士", "请看<b>看</b>我家漏水", "附件是发票"):
        assert said in text(shown)
    spam, virus = (
        next(name for name in kept() if why in name).rpartition("/")[2] for why in ("spam", "virus")
    )
    assert browser.get(f"/desk/riverside/held/{spam}").status_code == 303
    assert browser.get(f"/desk/riverside/held/{virus}").status_code == 404
    form = {"csrf": csrf(browser), "act": "take"}
    for name in (spam, virus):
        case = browser.follow(browser.post(f"/desk/riverside/held/{name}", form))
        assert "下载原邮件" not in text(case)
    assert {case.report.channel for case in cases(made)} == {"email"}
    assert [len(case.files) for case in cases(made)] == [1, 0], "of what has a virus no file"
    assert "厨房漏水\n附件是发票".encode() in kept().values(), "of what has a virus the words alone"
    gone = browser.post(f"/desk/riverside/held/{spam}", form)
    assert gone.status_code == 404
    assert "没有待看的邮件" in text(browser.get("/desk/riverside/held"))
    arrives(written("广告", message_id="<3@example.com>"), checks={"spam": "FAIL"})
    browser.post(f"/desk/riverside/held/{held('spam')}", {"csrf": csrf(browser), "act": "drop"})
    assert len(cases(made)) == 2
    assert not [name for name in kept() if name.startswith("held/")]


@pytest.mark.req("A1", "E8")
def test_the_case_opens_the_mail_as_it_came(pages: tuple[Browser, Office]) -> None:
    browser, made = pages
    arrives(written(files=[PHOTO]))
    (case,) = cases(made)
    page = browser.get(f"/desk/riverside/cases/{case.number}")
    assert "邮件 1" in text(page)
    assert "照片.jpg (image/jpeg, 1 KB)" in text(page)
    answer = browser.get(f"/desk/riverside/cases/{case.number}/recordings/1")
    assert answer.status_code == 303
    assert "/mail/" in answer.headers["Location"]
    browser.sign_in("committee-1")
    assert browser.get("/desk/riverside/held").status_code == 403


@pytest.mark.req("A1", "B8")
def test_whoever_works_on_it_is_told_that_there_is_more_to_read(desk: ApiDesk) -> None:
    arrives(written())
    (case,) = cases(desk)
    sorted_as = {"reason": "问过住户", "kind": "repair", "matter": "elevator"}
    assert desk.command(case.number, "classify", sorted_as, user="agent-1").status_code == 200
    given = {"handler": "engineering-1", "reason": "on duty"}
    assert desk.command(case.number, "assign", given, user="manager-1").status_code == 200
    for _ in range(2):
        arrives(written("下午三点以后在家。", subject=f"Re: {case.number}", message_id="<2@example.com>"))
    told = [stored.notice for stored in wiring.notices().of_case("riverside", case.number)]
    assert {notice.recipient for notice in told if notice.kind == "added"} == {"agent-1", "engineering-1"}
