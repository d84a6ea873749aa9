"""What SES tells of mails that have left, read back onto their cases (A11, B8, G8)."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

import app
from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.resident_forms import AnswerForm, DeliveryForm
from chalicelib.services.notices.digest import Digests
from chalicelib.services.notices.returned import tags_of
from chalicelib.services.records import StoredNotice
from tests.browser import Browser, html, text
from tests.builders import AGENT, SUPERVISOR, Office, office
from tests.fakes.memory import CrashError
from tests.sending import delivery, send
from tests.stories import HANDLER

ADDRESS = "wang@example.com"


@pytest.fixture(autouse=True)
def _wired(desk: Office) -> Iterator[None]:
    wiring.use(desk=desk.desk, notices=desk.stores.notices, identity=desk.identity)
    yield
    wiring.use()


def about(kind: str, tags: dict[str, str], message_id: str = "mail-0", **more: Any) -> dict[str, Any]:
    """An event as SES publishes it through SNS: the shape of AWS's own examples, shortened."""
    told = {
        "eventType": kind,
        "mail": {
            "timestamp": "2026-11-23T00:40:02.012Z",
            "source": "desk@example.com",
            "sendingAccountId": "123456789012",
            "messageId": message_id,
            "destination": [ADDRESS],
            "headersTruncated": False,
            "headers": [{"name": "Subject", "value": "王女士"}],
            "commonHeaders": {"to": [ADDRESS], "subject": "王女士"},
            "tags": {
                "ses:configuration-set": ["suda-production-mail"],
                "ses:from-domain": ["example.com"],
                **{name: [value] for name, value in tags.items()},
            },
        },
        **more,
    }
    return record(json.dumps(told, ensure_ascii=False))


def record(message: str) -> dict[str, Any]:
    sns = {"Type": "Notification", "MessageId": "m-1", "TopicArn": "arn:aws:sns:x:1:t", "Message": message}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]}


def bounce(stored: StoredNotice, kind: str = "Permanent") -> dict[str, Any]:
    told = {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": ADDRESS, "action": "failed", "status": "5.1.1"}],
        "timestamp": "2026-11-23T00:41:02.669Z",
        "feedbackId": "01000157c44f053b-61b59c11",
        "reportingMTA": "dsn; mta.example.com",
    }
    return about("Bounce", dict(tags_of(stored)), bounce=told)


def complaint(stored: StoredNotice) -> dict[str, Any]:
    told = {"complainedRecipients": [{"emailAddress": ADDRESS}], "timestamp": "2026-11-23T00:41:02.669Z"}
    return about("Complaint", dict(tags_of(stored)), complaint=told)


def arrived(stored: StoredNotice) -> dict[str, Any]:
    told = {"timestamp": "2026-11-23T00:40:03.512Z", "recipients": [ADDRESS], "smtpResponse": "250 ok"}
    return about("Delivery", dict(tags_of(stored)), delivery=told)


def tell(event: dict[str, Any]) -> int:
    return int(app.mail_events(event, None)["learned"])


def at_work(place: Office, **changes: Any) -> Case:
    """The case of a resident with a mail address, signed for, with the first messages gone."""
    given = {"phone": None, "email": ADDRESS, "kind": "complaint", "matter": "staff_attitude", **changes}
    case = place.register(actor=AGENT, **given).case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    case = place.do(case, "sign", HANDLER, SignForm("工程部甲"))
    send(place)
    return place.case(case)


def news(place: Office, case: Case) -> tuple[Case, StoredNotice]:
    """A note has been written, and its mail is gone."""
    case = place.do(case, "progress", HANDLER, RequiredNoteForm("等配件，周五到"))
    send(place)
    return place.case(case), mail_of(place, case, NoticeKind.NEWS)


def mail_of(place: Office, case: Case, kind: NoticeKind) -> StoredNotice:
    found = place.stores.notices.of_case(case.community, case.number)
    return [each for each in found if (each.notice.kind, each.notice.channel) == (kind, "mail")][-1]


def called_for(place: Office, case: Case) -> list[str]:
    return [untold.of for untold in place.case(case).telling.to_call]


@pytest.mark.req("B8", "G8")
@pytest.mark.parametrize(
    ("event", "outcome"),
    [(bounce, "bounced"), (complaint, "complained"), (lambda mail: bounce(mail, "Transient"), "put_back")],
)
def test_a_mail_that_came_back_has_the_desk_call_once(desk: Office, event: Any, outcome: str) -> None:
    case, mail = news(desk, at_work(desk))
    assert not case.telling.awaited, "it has left"
    assert tell(event(mail)) == 1
    assert called_for(desk, case) == ["progressed"]
    assert mail_of(desk, case, NoticeKind.NEWS).outcome == outcome
    version = desk.case(case).version
    assert tell(event(mail)) == 0, "delivered twice"
    assert desk.case(case).version == version
    send(desk)
    asked = desk.stores.notices.of_case("riverside", case.number)
    assert [stored.notice.recipient for stored in asked if stored.notice.kind is NoticeKind.TO_CALL] == [
        "agent-1"
    ]
    desk.do(case, "answer", AGENT, AnswerForm("配件周五到", "phone", "王女士"))
    assert called_for(desk, case) == []
    assert tell(bounce(mail)) == (1 if outcome == "put_back" else 0)
    assert called_for(desk, case) == [], "they were called: another word of SES about it asks nobody again"


@pytest.mark.req("B8", "G8")
def test_a_mail_that_arrived_says_so_and_calls_for_nothing(desk: Office) -> None:
    case, mail = news(desk, at_work(desk))
    assert tell(arrived(mail)) == 1
    assert tell(bounce(mail, "Transient")) == 0, "a machine has answered that its master is on holiday"
    assert called_for(desk, case) == []
    assert mail_of(desk, case, NoticeKind.NEWS).outcome == "delivered"
    assert tell(bounce(mail)) == 1, "taken by the first mail server, refused by the last"
    assert called_for(desk, case) == ["progressed"]
    assert tell(arrived(mail)) == 0, "late"
    assert mail_of(desk, case, NoticeKind.NEWS).outcome == "bounced"


@pytest.mark.req("B8", "G8")
def test_whoever_had_the_sms_is_not_called(desk: Office) -> None:
    case, mail = news(desk, at_work(desk, phone="13900001234"))
    assert tell(bounce(mail)) == 1
    assert called_for(desk, case) == []


@pytest.mark.req("B8", "G8")
def test_an_sms_that_fails_after_its_mail_came_back_asks_for_a_call(desk: Office) -> None:
    case = at_work(desk, phone="13900001234")
    case = desk.do(case, "progress", HANDLER, RequiredNoteForm("等配件，周五到"))
    mail = mail_of(desk, case, NoticeKind.NEWS)
    delivery(desk).deliver(mail)
    assert tell(bounce(mail)) == 1
    assert called_for(desk, case) == [], "the SMS is on its way"
    sms = desk.stores.notices.get("riverside", case.number, mail.notice.key.replace("mail", "sms"))
    assert sms is not None
    assert desk.stores.notices.claim(sms, desk.clock())
    delivery(desk).release(replace(sms, status="sending", attempts=1), "OptedOut", final=True)
    assert called_for(desk, case) == ["progressed"]


@pytest.mark.req("B8", "G8")
def test_a_mail_that_comes_back_before_it_is_marked_is_not_taken_for_told(desk: Office) -> None:
    """SES refuses at once an address that it knows to be dead: its word may be here before its answer."""
    case = at_work(desk)
    case = desk.do(case, "progress", HANDLER, RequiredNoteForm("等配件，周五到"))
    mail = mail_of(desk, case, NoticeKind.NEWS)
    assert desk.stores.notices.claim(mail, desk.clock())
    assert tell(bounce(mail)) == 1
    assert called_for(desk, case) == ["progressed"]
    delivery(desk).sent(replace(mail, status="sending", attempts=1), "mail-9")
    assert called_for(desk, case) == ["progressed"]


@pytest.mark.req("B8", "G8")
def test_a_result_that_came_back_is_called_for_too(desk: Office) -> None:
    case = at_work(desk)
    case = desk.do(case, "complete", HANDLER, CompleteForm("已换灯", cause="灯管老化"))
    send(desk)
    assert desk.case(case).telling.left, "its mail met the clocks"
    tell(bounce(mail_of(desk, case, NoticeKind.COMPLETED)))
    assert called_for(desk, case) == ["completed"]


@pytest.mark.req("G8")
def test_a_digest_that_came_back_is_known_by_the_provider_s_id(desk: Office) -> None:
    case = at_work(desk)
    keys = []
    for _ in range(2):
        case = desk.do(case, "progress", HANDLER, RequiredNoteForm("等配件，周五到"))
        mail = mail_of(desk, case, NoticeKind.NEWS)
        desk.stores.notices.hold(mail, "cap_reached")
        keys.append(mail)
    assert Digests(delivery(desk)).send() == 1
    sent = desk.stores.notices.get("riverside", case.number, keys[1].notice.key)
    assert sent is not None
    assert sent.provider_id is not None
    assert desk.mail.tags[-1] == tags_of(keys[0])
    assert (
        tell(about("Bounce", dict(tags_of(keys[0])), sent.provider_id, bounce={"bounceType": "Permanent"}))
        == 2
    )
    assert called_for(desk, case) == ["progressed", "progressed"]


@pytest.mark.req("G8", "E8")
def test_the_page_says_what_came_back_and_that_the_address_is_dead(desk: Office, browser: Browser) -> None:
    case, mail = news(desk, at_work(desk))
    browser.sign_in("agent-1")
    page = f"/desk/riverside/cases/{case.number}"
    assert "邮件被退回" not in text(browser.get(page))
    tell(bounce(mail, "Transient"))
    assert "邮箱暂未接收" in text(browser.get(page))
    assert "无法送达，邮件被退回" not in text(browser.get(page)), "the next may arrive"
    tell(bounce(mail))
    said = text(browser.get(page))
    assert f"{ADDRESS}（无法送达，邮件被退回）" in said
    assert "被退回：邮箱不存在" in said
    assert "请" in said
    assert "告知，并登记已答复" in said.replace(" ", "")
    browser.language = "en"
    assert "cannot be reached: emails come back" in html(browser.get(page))


@pytest.mark.req("G8")
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{}]},
        {"Records": [{"Sns": None}]},
        record("no json"),
        record("[]"),
        record('{"eventType": "Bounce"}'),
        record('{"eventType": "Bounce", "mail": "x", "bounce": 1}'),
        record('{"eventType": "Bounce", "mail": {"tags": {"case": "x"}}, "bounce": {}}'),
        record("Successfully validated SNS topic for Amazon SES event publishing."),
        about("Open", {"community": "riverside"}),
        about("Delivery", {}, delivery={}),
        about("Delivery", {"community": "nowhere", "case": "202611-0009", "notice": "!!"}, delivery={}),
        about("Bounce", {"community": "riverside", "case": "../..", "notice": "gICA"}, bounce={}),
    ],
)
def test_what_is_not_understood_is_dropped(
    desk: Office, event: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert tell(event) == 0
    assert ADDRESS not in caplog.text
    assert "王女士" not in caplog.text


@pytest.mark.req("G8", "E8")
def test_the_log_of_a_mail_that_came_back_names_no_person(
    desk: Office, caplog: pytest.LogCaptureFixture
) -> None:
    _, mail = news(desk, at_work(desk))
    with caplog.at_level(logging.INFO):
        tell(bounce(mail))
    said = " ".join(str(vars(line)) for line in caplog.records)
    assert "MailsReturned" in said
    assert ADDRESS not in said
    assert "王女士" not in said


@pytest.mark.req("B8")
def test_what_broke_off_is_done_by_the_next_delivery(desk: Office) -> None:
    """The mark is on the notice, and the case does not know: Lambda calls again with the same event."""
    case, mail = news(desk, at_work(desk))
    assert desk.memory is not None
    desk.memory.faults["cases.save"] = ["before"]
    with pytest.raises(CrashError):
        tell(bounce(mail))
    assert called_for(desk, case) == []
    tell(bounce(mail))
    assert called_for(desk, case) == ["progressed"]


@pytest.mark.req("G8")
def test_tags_have_only_what_ses_takes(desk: Office) -> None:
    _, mail = news(desk, at_work(desk))
    tags = tags_of(replace(mail, notice=replace(mail.notice, key=f"{mail.notice.key}·张三")))
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,256}", value) for value in tags.values())


@pytest.mark.req("B7")
def test_what_has_left_is_remembered_for_the_newest_only() -> None:
    place = office()
    case = at_work(place)
    for _ in range(15):
        case = place.do(case, "progress", HANDLER, RequiredNoteForm("等配件"))
        form = DeliveryForm(case.version, "mail", place.clock())
        case = place.do(case, "record_delivery", TIMER, form)
    assert len(case.telling.left) == 10
