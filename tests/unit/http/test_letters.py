"""A mail is read whatever program wrote it, and whatever is broken in it (A1, A3)."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.http.html_text import text_of_html
from chalicelib.http.letters import letter_of, own_words, parts_of
from tests.mails import SENDER, encoded, written

SAID = "朱镕说三楼一直漏水，镕字不在小字符集里"


def raw(head: str, body: bytes, sender: str = SENDER) -> bytes:
    return f"From: {sender}\r\n{head}\r\n\r\n".encode() + body


@pytest.mark.req("A1", "A3")
@pytest.mark.parametrize("named", ["gb2312", "gbk", "GB18030"])
@pytest.mark.parametrize("way", ["base64", "8bit", "quoted-printable"])
def test_chinese_is_read_by_the_names_of_smaller_sets(named: str, way: str) -> None:
    plain = SAID.encode("gb18030")
    body = {
        "base64": b64encode(plain),
        "8bit": plain,
        "quoted-printable": "".join(f"={byte:02X}" for byte in plain).encode(),
    }[way]
    head = (
        f"Subject: {encoded('朱镕漏水', 'gb18030', named)}\r\nContent-Type: text/plain; charset={named}\r\n"
        f"Content-Transfer-Encoding: {way}"
    )
    letter = letter_of(raw(head, body, f"{encoded('孙镕', 'gb18030', named)} <{SENDER}>"))
    assert (letter.subject, letter.text, letter.name, letter.sender) == ("朱镕漏水", SAID, "孙镕", SENDER)


@pytest.mark.req("A3")
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("named", ["", "; charset=unknown-8bit", "; charset=x-nobody-knows"])
def test_what_names_no_set_is_read_all_the_same(charset: str, named: str) -> None:
    body = raw(f"Content-Type: text/plain{named}\r\nContent-Transfer-Encoding: 8bit", SAID.encode(charset))
    assert letter_of(body).text.strip() == SAID
    plain_head = b"From: " + SENDER.encode() + b"\r\nSubject: " + "漏水".encode(charset) + b"\r\n\r\nx"
    assert letter_of(plain_head).subject == "漏水"


@pytest.mark.req("A1")
def test_of_html_alone_the_visible_text_is_read() -> None:
    page = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>您好：</p><div>三楼&nbsp;漏水<br>请"
        "派人&lt;快&gt;</div><script>steal()</script><img src='http://t/1.gif' alt='照片'></body></html>"
    )
    letter = letter_of(written(None, html=page))
    assert letter.text == "您好：\n三楼 漏水\n请派人<快>\n[照片]"
    both = letter_of(written("纯文字", html="<p>网页</p>"))
    assert both.text.strip() == "纯文字"
    empty = letter_of(written("  \n", html="<p>网页</p>"))
    assert "网页" in empty.text, "an empty plain part says nothing"
    assert text_of_html("<p>断了 <b>没有关 <br>下一行") == "断了 没有关\n下一行"


@pytest.mark.req("A1")
def test_attachments_are_named_and_the_time_is_read() -> None:
    files = [("漏水照片.jpg", "image/jpeg", b"x" * 3000), ("账单.pdf", "application/pdf", b"y")]
    letter = letter_of(written(files=files, Date="Mon, 30 Nov 2026 09:00:00 +0800"))
    assert letter.attachments == ("漏水照片.jpg (image/jpeg, 3 KB)", "账单.pdf (application/pdf, 1 KB)")
    assert letter.sent_at == datetime(2026, 11, 30, 1, tzinfo=UTC)
    assert letter_of(written(Date="yesterday")).sent_at is None
    assert letter_of(written("", subject="", files=files)).said.startswith("漏水照片.jpg")


@pytest.mark.req("A1", "A3")
def test_what_is_above_the_number_of_files_is_counted() -> None:
    raw = written(files=[(f"{place}.jpg", "image/jpeg", b"x") for place in range(50)])
    assert letter_of(raw).attachments[-2:] == ("19.jpg (image/jpeg, 1 KB)", "… + 30")
    assert len(list(parts_of(raw))) == 21


@pytest.mark.req("A1")
def test_no_head_of_a_mail_turns_the_order_of_letters() -> None:
    turned = "清单\u202egpj.exe"
    letter = letter_of(written(subject=turned, files=[(turned, "image/jpeg", b"x")]))
    assert letter.subject == "清单gpj.exe"
    assert letter.attachments == ("清单gpj.exe (image/jpeg, 1 KB)",)


@pytest.mark.req("A4")
def test_a_mail_has_one_id_however_it_travelled() -> None:
    here = written()
    assert letter_of(here).id == letter_of(b"Received: by mx2\r\n" + here).id
    assert letter_of(here).id != letter_of(written(message_id="<2@example.com>")).id
    assert letter_of(here).id != letter_of(written(sender="other@example.com")).id, "an id can be copied"
    assert letter_of(written(message_id="")).id == letter_of(written(message_id="")).id


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.com>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@example.com"},
        {"sender": "no-reply@bank.example.com"},
    ],
)
def test_what_a_machine_wrote_is_known(headers: dict[str, str]) -> None:
    assert letter_of(written(**headers)).by_machine  # type: ignore[arg-type]
    assert not letter_of(written(Auto_Submitted="no")).by_machine


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("还在漏。\n\n-----原始邮件-----\n发件人：客服\n已派单", "还在漏。"),
        ("还在漏。\n\n在 2026年11月29日 10:00，诉达客服 写道：\n> 已派单", "还在漏。"),
        ("Still dripping.\n\nOn Mon, 30 Nov 2026 at 09:00, Desk <d@x> wrote:\n> assigned", "Still dripping."),
        ("> 请问几点来？\n下午三点以后。", "下午三点以后。"),
        (
            "-----Original Message-----\nonly what was answered",
            "-----Original Message-----\nonly what was answered",
        ),
        ("来自 3 栋的发件人都说漏水", "来自 3 栋的发件人都说漏水"),
    ],
)
def test_what_a_mail_answers_is_no_word_of_its_own(text: str, own: str) -> None:
    assert own_words(text) == own


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=400), head=st.text(max_size=80))
def test_no_bytes_are_an_error(body: bytes, head: str) -> None:
    made = head.encode("utf-8", "surrogatepass")
    for mail in (body, b"Subject: " + made + b"\r\n\r\n" + body, b"Content-Type: multipart/" + made + body):
        letter = letter_of(mail)
        assert len(letter.id) == 32
        assert all(not "\ud800" <= character <= "\udfff" for character in letter.said + letter.name)


def test_a_mail_that_is_made_to_break_readers_is_one_without_words() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (place, place)
        for place in range(3000)
    )
    assert letter_of(b"From: a@example.com\r\n" + deep).text == ""
