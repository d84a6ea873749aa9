"""No address of the web or of mail gets out of a value into an SMS or mail, whoever wrote it (C3, E8)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.notices.kinds import NoticeChannel
from chalicelib.domain.notices.templates import OURS, Values, no_link, write_mail, write_sms
from tests.builders import AGENT, office
from tests.notice_samples import OWN_DOMAIN, a_case, every_notice, values_for
from tests.sending import send
from tests.words import texts

LINKS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://"  # with a scheme
    r"|(?<![A-Za-z0-9])(?:[A-Za-z0-9-]+[.\uff0e\uff61\u3002])+[A-Za-z]{2,}"  # a domain
    r"|[^\W_]\.(?:\u4e2d\u56fd|\u7f51\u7edc)"  # a Chinese one
    r"|(?<![0-9])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])"
)
"""What telephones and mail programs make a link of."""

CASE = a_case()
NOTICES = [
    (written, values_for(written, CASE, OWN_DOMAIN))
    for notice in every_notice()
    for channel in NoticeChannel
    for written in [replace(notice, channel=channel)]
]

hosts = st.builds(
    lambda labels, dot, end: dot.join([*labels, end]),
    st.lists(st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}", fullmatch=True), min_size=1, max_size=3),
    st.sampled_from([".", "\u3002", "\uff0e", "\uff61"]),
    st.sampled_from(["com", "cn", "co", "xn--fiqs8s", "top"]),
)
hostile = st.one_of(
    st.builds(
        lambda before, scheme, host, path: f"{before}{scheme}{host}{path}",
        st.sampled_from(["", "请点", "a@", "【官方】", "x "]),
        st.sampled_from(["", "http://", "HTTPS://", "weixin://", "www.", "//"]),
        hosts,
        st.sampled_from(["", "/a?b=c", ":8080/x", "。", "\n点"]),
    ),
    st.sampled_from(
        ["192.0.2.1", "http://192.0.2.1/a", "去 10.1.22.133:80/x", "例子.中国", "http://[2001:db8::1]/"]
    ),
    st.text(min_size=1, max_size=20),
)


def ours_left_out(text: str, values: Values) -> str:
    for name in OURS:
        if values[name]:
            text = text.replace(values[name], "")
    return text


@pytest.mark.req("C3", "E8")
@given(hostile.filter(str.strip))
@settings(max_examples=12)
def test_no_text_has_a_link_but_the_desks_own(bad: str) -> None:
    for notice, sound in NOTICES:
        values = {name: value if name in OURS or not value else bad for name, value in sound.items()}
        if notice.channel is NoticeChannel.SMS:
            said = write_sms(texts(), notice.kind, notice.detail, values)
            assert not LINKS.search(ours_left_out(said, values)), said
        else:
            mail = write_mail(texts(), notice.kind, notice.detail, values)
            said = ours_left_out(f"{mail.subject}\n{mail.body}", values)
            assert not LINKS.search(said), said


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("http://evil.com/a", "http：//evil·com/a"),
        ("见 www.evil.com。", "见 www·evil·com。"),
        ("evil。com", "evil·com"),
        ("a@b.cn", "a@b·cn"),
        ("192.0.2.1", "192·0·2·1"),
        ("长3.5米，5.20元", "长3.5米，5.20元"),
        ("水停了。请尽快", "水停了。请尽快"),
        ("3-2-1201", "3-2-1201"),
    ],
)
def test_what_looks_like_an_address_is_read_and_not_tapped(written: str, shown: str) -> None:
    assert no_link(written) == shown


@pytest.mark.req("C3")
def test_to_an_address_that_may_be_anybodys_go_number_and_link_alone() -> None:
    place = office()
    bad = {"text": "您中奖了，请点 evil.com", "name": "中奖通知 evil.com", "unit": "evil.com"}
    case = place.register(email="anybody@example.com", phone=None, **bad).case
    ours = place.register(email="old@example.com", phone=None, actor=AGENT).case
    send(place)
    mails = {address: f"{subject}\n{body}" for address, subject, body in place.mail.sent}
    strange = mails["anybody@example.com"]
    assert case.number in strange
    assert not [said for said in ("evil", "中奖", "王芳") if said in strange]
    assert "王芳" in mails["old@example.com"], "the desk has spoken to her"
    assert ours.number in mails["old@example.com"]
    place.answered("anybody@example.com")
    place.register(email="anybody@example.com", phone=None, text="灯坏了")
    send(place)
    assert "王芳" in place.mail.sent[-1][2]
