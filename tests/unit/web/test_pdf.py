"""PDFs of a case: asked for at its page, made behind the bucket, had by who asked (B4, B9, E6, E8)."""

import io
from datetime import timedelta

import msgspec
import pytest
from chalice.test import HTTPResponse

import app
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.community import Member
from chalicelib.services.files.papers import ASKED, MADE
from chalicelib.web.file_fields import FileLine
from chalicelib.web.pdf import has
from chalicelib.web.pdf_flow import HEIGHT, MARGIN, WIDTH, Code, Letters, Mark, Placed
from chalicelib.web.pdf_pictures import Picture, picture_for_paper
from chalicelib.web.pdf_sheet import Pictures, pages_of
from chalicelib.web.pdf_text import lines_of, shown
from chalicelib.web.sheet import Part, Sheet, sheet_of
from chalicelib.web.sheet_signers import SIGNED_BY, Signer
from chalicelib.web.words import words
from tests import content
from tests.browser import Browser, Form, html, text
from tests.builders import Office, office
from tests.fakes.files import FakeFiles
from tests.paid_repair import paid_repair


@pytest.fixture
def desk() -> Office:
    return office()


def bucket(desk: Office) -> FakeFiles:
    files = desk.desk.files
    assert isinstance(files, FakeFiles)
    return files


def happens(desk: Office) -> list[dict[str, bool]]:
    """What EventBridge does with all that is asked for, twice."""
    keys = list(bucket(desk).listed(ASKED))
    return [app.make_paper({"detail": {"object": {"key": key}}}, None) for key in keys * 2]


def asked_for(browser: Browser, number: str, sheet: str) -> HTTPResponse:
    """The page after the button that asks for a PDF."""
    where = f"/desk/riverside/cases/{number}/paper"
    forms = Form(html(browser.get(f"{where}?sheet={sheet}"))).forms
    (fields,) = (fields for action, fields in forms.items() if action.endswith("/paper"))
    return browser.follow(browser.post(where, {**fields, "sheet": sheet}))


def made_by(desk: Office) -> bytes:
    ((data, kind),) = [held for key, held in bucket(desk).held.items() if key.startswith(MADE)]
    assert kind == "application/pdf"
    return data


@pytest.mark.req("B4", "B9", "E6", "E8")
def test_whoever_asks_for_a_pdf_finds_it_and_nobody_else(browser: Browser, desk: Office) -> None:
    case = paid_repair(desk)
    browser.sign_in("agent-1")
    waits = asked_for(browser, case.number, "order")
    here = browser.at
    assert 'http-equiv="refresh"' in html(waits)
    assert happens(desk) == [{"made": True}, {"made": False}], "told twice, made once"
    ready = html(browser.get(here))
    assert 'http-equiv="refresh"' not in ready
    assert f"saved={case.number}-order.pdf" in ready
    assert case.number not in "".join(bucket(desk).held), "no name in the bucket says whose it is"
    looks = desk.desk.looks.page("riverside", "person", "agent-1", 50, None).items
    assert sum(look.what is LookAt.EXPORT for look in looks) == 2, "the sheet, and its PDF"
    pdf = made_by(desk)
    assert pdf.startswith(b"%PDF")
    assert b"/FontFile2" in pdf, "the font is in it"
    for name, status in (("agent-2", 404), ("agent-1", 200)):
        browser.sign_in(name)
        assert browser.get(here).status_code == status
    bucket(desk).held.clear()
    assert browser.get(here).status_code == 404, "gone with its day"


@pytest.mark.req("E6")
def test_a_pdf_that_does_not_come_is_not_waited_for_without_end(browser: Browser, desk: Office) -> None:
    case = paid_repair(desk)
    browser.sign_in("agent-1")
    asked_for(browser, case.number, "file")
    desk.clock.advance(timedelta(minutes=4))
    late = browser.get(browser.at)
    assert "没有生成成功" in text(late)
    assert 'http-equiv="refresh"' not in html(late)
    for strange in ({}, {"detail": {"object": {"key": f"{ASKED}riverside/../x"}}}):
        assert app.make_paper(strange, None) == {"made": False}


@pytest.mark.req("E8", "G13")
def test_a_pdf_is_not_made_for_somebody_who_may_not_see_the_case_any_more(
    browser: Browser, desk: Office
) -> None:
    case = paid_repair(desk)
    browser.sign_in("engineering-1")
    asked_for(browser, case.number, "order")
    (key,) = bucket(desk).listed(ASKED)
    order = msgspec.json.decode(bucket(desk).held[key][0])
    bucket(desk).held[key] = msgspec.json.encode({**order, "username": "engineering-2"}), "application/json"
    assert happens(desk)[0] == {"made": False}
    assert not bucket(desk).held, "nothing is left of it"


def words_of(sheet: Sheet, pictures: Pictures = lambda _: None) -> tuple[str, list[tuple[Mark, ...]]]:
    """All that stands on the pages of a sheet, in order; with the pages."""
    pages = pages_of(
        sheet, words("zh-CN"), pictures, lambda piece: len(piece) * 0.9, lambda char: char < "𠀀"
    )
    said = [mark.text for page in pages for mark in page if isinstance(mark, Letters)]
    return "".join(said), list(pages)


@pytest.mark.req("B9", "B10", "E6")
@pytest.mark.parametrize("name", SIGNED_BY)
def test_a_pdf_says_what_its_page_says(browser: Browser, desk: Office, name: str) -> None:
    case = paid_repair(desk)
    staff = desk.desk.directory.community("riverside").member("agent-1")
    assert staff is not None
    place = desk.desk.directory.community("riverside")
    member = Member(staff.username, staff.name, staff.role, staff.departments, place)
    sheet = sheet_of(case, member, name, words("zh-CN"))
    said, pages = words_of(sheet)
    browser.sign_in("agent-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet={name}"))
    parts = [part.heading for part in sheet.parts] + [
        value for part in sheet.parts for _, value in part.facts
    ]
    signed = (said for signer in sheet.signers for said in (signer.who, signer.name, signer.at))
    for wanted in (*parts, *signed, sheet.title, sheet.printed):
        assert "".join(wanted.split()) in "".join(said.split()), wanted
        assert " ".join(wanted.split()) in page, wanted
    assert f"{len(pages)} / {len(pages)}" in said
    assert any(isinstance(mark, Code) and mark.address == sheet.address for mark in pages[0])


@pytest.mark.req("E6")
def test_what_does_not_fit_goes_on_within_the_page_and_each_page_says_its_number() -> None:
    long = Part("经过", "很长的话，" * 400 + "averyverylongword" * 30)
    picture = Picture(b"", 4000, 3000)
    shots = tuple(FileLine(f"照片{place}", "住户", "", place=place) for place in (1, 2, 3, 4))
    parts = (
        long,
        *(Part(f"第{place}", blanks=("合计",)) for place in range(30)),
        Part("附件", pictures=shots),
    )
    sheet = Sheet(
        "file",
        "工单档案",
        "滨江花园",
        "202611-0001",
        "已办结",
        "打印",
        "https://d/w/1",
        parts,
        (Signer("甲"),),
    )
    said, pages = words_of(sheet, lambda file: None if file.place == 3 else picture)
    assert said.count("202611-0001 · 工单档案") == len(pages) > 3
    assert "照片3 · 住户：此照片无法印在纸上" in said, "a picture that cannot be read is named"
    for page in pages:
        for mark in page:
            assert MARGIN - 1 <= mark.x < WIDTH - MARGIN, mark
            assert 0 < mark.y < HEIGHT - MARGIN + 1, mark
            if isinstance(mark, Letters):
                assert mark.x + len(mark.text) * 0.9 * mark.size <= WIDTH - MARGIN + 1, mark
    assert sum(isinstance(mark, Placed) for page in pages for mark in page) == 3


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("走廊的灯不亮，请来看。", ["走廊的灯", "不亮，请", "来看。"]),
        ("走廊的灯，不亮", ["走廊的", "灯，不亮"]),
        ("水管漏水（厨房）", ["水管漏水", "（厨房）"]),
        ("no word is cut", ["no", "word", "is", "cut"]),
        ("abcdefghij", ["abcd", "efgh", "ij"]),
        ("一\n\n二", ["一", "", "二"]),
        ("", []),
    ],
)
def test_lines_break_where_people_break_them(given: str, lines: list[str]) -> None:
    assert lines_of(given, 4, len) == lines


def test_no_character_is_lost_that_the_font_lacks() -> None:
    font = {*"欧阳修"}
    assert shown("欧阳𠮷修", font.__contains__) == "欧阳□(U+20BB7)修"
    assert shown("欧\u200b阳\ufe0f", font.__contains__) == "欧阳", "what has no shape is no loss"


@pytest.mark.req("E6")
def test_the_font_has_simplified_and_traditional_chinese_and_latin() -> None:
    def all_of(encoding: str) -> set[str]:
        pairs = (bytes((high, low)) for high in range(0xA1, 0xFA) for low in range(0x40, 0xFF))
        return {pair.decode(encoding, "ignore") for pair in pairs} - {""}

    wanted = {*all_of("gb2312"), *all_of("big5"), *map(chr, range(0x20, 0x7F)), *"éüñßøÅ¥·…—①℃□"}
    assert {char for char in wanted if char.isprintable() and len(char) == 1 and not has(char)} <= {"☉", "♁"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_small_turned_upright_and_put_on_white(kind: str) -> None:
    from PIL import Image

    drawn, written = Image.new("RGB" if kind == "JPEG" else "RGBA", (3000, 1500)), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    drawn.save(written, kind, exif=exif)
    picture = picture_for_paper(written.getvalue())
    assert picture is not None
    assert (picture.width, picture.height) == (500, 1000)
    middle = Image.open(io.BytesIO(picture.jpeg)).getpixel((250, 500))
    assert middle == ((0, 0, 0) if kind == "JPEG" else (255, 255, 255))


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(40), b"\xff\xd8\xff" + bytes(100), content.png()])
def test_what_is_no_picture_is_not_put_on_paper(data: bytes) -> None:
    assert picture_for_paper(data) is None or data == content.png()
