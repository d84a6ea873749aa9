"""Residents are written to in their own language, and no language leaves anything out (A11, B15)."""

import string
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.word_files import FOLDER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.templates import fits_one_part
from chalicelib.domain.work.forms import CompleteForm
from tests.browser import REPORT, browsing, html, text
from tests.builders import SUPERVISOR, community, office
from tests.machines import Machines
from tests.notice_samples import a_case, every_notice, mail
from tests.sending import send
from tests.stories import HANDLER
from tests.words import WORDS, WRITTEN_IN, simplified_in


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def sentences(found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a table, by its path."""
    if isinstance(found, str):
        yield path, found
    elif isinstance(found, list):
        for place, item in enumerate(found):
            yield from sentences(item, f"{path}[{place}]")
    else:
        for key, item in found.items():
            yield from sentences(item, f"{path}.{key}")


def own_way(key: str) -> bool:
    """Whether each language says it in its own way: days, and which of its matters need a short name."""
    return key.startswith((".words.short_matters.", ".words.dates.", ".words.roster."))


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_every_language_has_every_text_with_the_same_values(language: str) -> None:
    """An SMS can have more wordings in a language that has more need of short ones."""
    first, other = (
        {key: said for key, said in sentences(WORDS.notices(tag)) if not own_way(key)}
        for tag in ("zh-CN", language)
    )
    assert WORDS.notices(language)["sms"].keys() == WORDS.notices("zh-CN")["sms"].keys()
    for kind, wordings in WORDS.notices("zh-CN")["sms"].items():
        own = [placeholders(wording) for wording in WORDS.notices(language)["sms"][kind]]
        following = iter(own)
        assert all(placeholders(wording) in following for wording in wordings), (kind, own)
        short = {"number", "serial", "short_matter"}
        assert set().union(*own) <= short.union(*map(placeholders, wordings)), kind
    first, other = (
        {key: said for key, said in found.items() if not key.startswith(".sms.")} for found in (first, other)
    )
    assert other.keys() == first.keys()
    assert {key for key in first if placeholders(first[key]) != placeholders(other[key])} == set()


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_dates_name_only_what_is_known_of_a_day(language: str) -> None:
    found = WORDS.notices(language)["words"]
    dates, roster = found["dates"], found["roster"]
    assert dates.keys() - {"weekdays"} == {"day", "month", "dated", "full"}
    assert roster.keys() == {"line", "day", "from_to", "begins", "at"}
    day = {"month", "day", "date"}
    assert set().union(*map(placeholders, dates.values())) <= day | {"year", "weekday", "time"}
    assert set().union(*map(placeholders, roster.values())) <= day | {"starts", "ends", "department", "when"}


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_every_mail_can_be_written(language: str) -> None:
    for notice in every_notice():
        letter = mail(notice, a_case(), language=language)
        assert letter.subject
        assert not set("{}") & set(letter.body)


def test_nothing_in_traditional_chinese_was_left_in_simplified() -> None:
    found = tomllib.loads((FOLDER / "zh-TW.toml").read_text(encoding="utf-8"))
    assert [(path, said) for path, said in sentences(found) if simplified_in(said)] == []


@pytest.mark.parametrize(("language", "wrong"), [("zh-CN", "「」『』"), ("zh-TW", "“”‘’")])
def test_quotation_marks_are_those_of_the_place(language: str, wrong: str) -> None:
    found = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert [path for path, said in sentences(found) if set(wrong) & set(said)] == []


@pytest.mark.req("A11")
@pytest.mark.parametrize(
    ("wish", "said", "named"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.5", "【訴達】", "我要反映"),
        ("zh-Hant-HK, en;q=0.8", "【訴達】", "我要反映"),
        ("zh-HK", "【訴達】", "我要反映"),
        ("zh-SG", "【诉达】", "登记诉求"),
        ("en-GB", "[Suda] ", "Report"),
    ],
)
def test_a_resident_reads_pages_and_messages_in_the_language_of_the_browser(
    wish: str, said: str, named: str
) -> None:
    with browsing(office(community())) as browser:
        browser.language = wish
        assert named in text(browser.get("/c/riverside"))
        assert browser.post("/c/riverside", REPORT).status_code == 303
        send(browser.office)
        ((_, message),) = [sent for sent in browser.office.sms.sent if "202611-0001" in sent[1]]
        assert message.startswith(said)


@pytest.mark.req("A11", "D1")
def test_who_chose_english_hears_in_english_from_the_receipt_to_the_survey_reminder() -> None:
    with browsing(office(community())) as browser:
        browser.language = "en-GB,en;q=0.9"
        mine = {**REPORT, "email": "ann@example.com"}
        assert "Registered" in text(browser.follow(browser.post("/c/riverside", mine)))
        desk = browser.office
    case = desk.desk.cases.get("riverside", "202611-0001")
    assert case.report.language == "en"
    desk.answered("ann@example.com")  # else a mail has the number and the link alone
    machines = Machines(desk)
    send(desk)
    case = desk.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    desk.do(case, "complete", HANDLER, CompleteForm("灯已换好。"))
    send(desk)
    for _ in range(4):
        machines.deliver_all()
        desk.clock.advance(timedelta(hours=24))
        machines.run()
        send(desk)
    told = [said for to, said in desk.sms.sent if to == case.report.phone]
    assert all(said.startswith("[Suda] ") and fits_one_part(said) for said in told)
    for part in ("is registered", "is done", "How was it?"):
        assert any(part in said for said in told), (part, told)
    mails = [f"{subject}\n{body}" for to, subject, body, *_ in desk.mail.sent if to == "ann@example.com"]
    assert all("sent automatically by Suda" in mail for mail in mails)
    assert any("done, please rate the work" in mail for mail in mails)
    assert all("【诉达】" in said for to, said in desk.sms.sent if to != case.report.phone), "staff as ever"


@pytest.mark.req("A11")
def test_a_language_that_was_picked_goes_before_that_of_the_browser() -> None:
    with browsing(office(community())) as browser:
        assert '<html lang="zh-TW"' in html(browser.get("/c/riverside?lang=zh-TW"))
        browser.post("/c/riverside", REPORT)
        case = browser.office.desk.cases.get("riverside", "202611-0001")
        assert case.report.language == "zh-TW"
