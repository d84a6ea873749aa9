"""Files of cases: handed in, looked at, kept, shown to who may see them, and erased (A3, E8, G24)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse

import app
from chalicelib import wiring
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.files import MOST_FILES, STAGES, File
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.who_sees_files import shows_on_link
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.work.payer import LossForm
from chalicelib.http.sessions import cookie_name, csrf_token
from chalicelib.services.files.handing_in import Part, attach
from chalicelib.services.files.shelf import ARRIVED, KEPT, SEEN, folder_of_case
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.privacy.own_data import erase_own_data, own_data
from chalicelib.services.workflows.outbox import Outbox
from tests import content as made
from tests.api_desk import BASE_URL, EVERYBODY, INVOLVED, ROLES, ApiDesk, api_desk, pool
from tests.browser import link
from tests.builders import MONDAY, SUPERVISOR
from tests.fakes.files import ORIGIN, FakeFiles
from tests.fakes.findings import FakeFindings
from tests.stories import in_state

HERE = "/v1/communities/riverside"
PHONE = "+8613900001234"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made_desk:
        yield made_desk


def bucket(desk: ApiDesk) -> FakeFiles:
    found = desk.office.desk.files
    assert isinstance(found, FakeFiles)
    return found


def in_place(desk: ApiDesk, place: str) -> list[str]:
    return [key for key in bucket(desk).held if key.startswith(place)]


def upload(desk: ApiDesk, where: str, data: bytes, kind: str = "image/jpeg", **how: Any) -> str:
    """Get a ticket, and put the bytes where it says, as a browser does; the file's name."""
    ticket = desk.post(where, {"type": kind, "size": len(data) or 1}, **how)
    assert ticket.status_code == 201, ticket.json_body
    assert ticket.json_body["address"].startswith(ORIGIN)
    bucket(desk).put(ticket.json_body["fields"]["key"], data, kind)
    return str(ticket.json_body["file"])


def event(name: str) -> dict[str, Any]:
    """What EventBridge tells of a file that has arrived."""
    return {"detail": {"object": {"key": ARRIVED + name}}}


def relayed(desk: ApiDesk, case: Case) -> None:
    place = desk.office.desk
    following = Outbox(SimpleNamespace(desk=place), None, Incidents(place))  # type: ignore[arg-type]
    following.case_to_find(case.community, case.number, ())


def case_of(desk: ApiDesk, number: str) -> Case:
    return desk.office.desk.cases.get("riverside", number)


def reported(desk: ApiDesk, key: str, *names: str, user: str | None = None, **changes: Any) -> Case:
    answer = desk.report(user=user, key=key, files=list(names), **changes)
    assert answer.status_code == 201, answer.json_body
    return case_of(desk, answer.json_body["number"])


def by_resident(desk: ApiDesk, data: bytes, media: str = "image/jpeg", **changes: Any) -> Case:
    """A case with a file that was handed in with the report, looked at and kept; in engineering-1's hands."""
    name = upload(desk, f"{HERE}/files", data, media, headers={"Idempotency-Key": "form"})
    app.check_file(event(name), None)
    case = reported(desk, "form", name, **{"matter": "elevator", "kind": "repair", **changes})
    relayed(desk, case)
    if "about_person" not in changes:
        given = {"handler": "engineering-1", "reason": "on duty"}
        assert desk.command(case.number, "assign", given, user="supervisor-1").status_code == 200
    return case_of(desk, case.number)


def withdrawn(desk: ApiDesk, case: Case) -> Case:
    return desk.office.do(case, "withdraw", RESIDENT, ReasonForm("不用修了"))


def multipart(fields: dict[str, str], *files: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """A form as a browser without a script sends it."""
    mark = b"----suda"
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode()
        for name, text in fields.items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="files"; filename="{called}"\r\n'.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n"
        + data
        for called, data in files
    ]
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=----suda"}


def sent(desk: ApiDesk, path: str, fields: dict[str, str], *files: tuple[str, bytes]) -> HTTPResponse:
    body, headers = multipart(fields, *files)
    return desk.client.http.request("POST", path, headers=headers, body=body)


REPORT = {"text": "电梯停在三楼", "unit": "3-1201", "name": "王芳", "phone": "13900001234", "kind": "repair",
          "matter": "elevator"}  # fmt: skip


@pytest.mark.req("A3")
@pytest.mark.parametrize("order", ["checked first", "claimed first", "twice", "late"])
def test_a_photo_of_the_form_is_the_cases_whenever_its_event_comes(desk: ApiDesk, order: str) -> None:
    name = upload(desk, f"{HERE}/files", made.jpeg(), headers={"Idempotency-Key": "form"})
    if order in {"checked first", "twice"}:
        app.check_file(event(name), None)
    case = reported(desk, "form", name)
    relayed(desk, case)
    if order in {"late", "twice"}:
        app.check_file(event(name), None)
        relayed(desk, case)
    assert list(bucket(desk).held) == [f"{KEPT}{name}.jpg"]
    assert made.PLACE not in bucket(desk).held[f"{KEPT}{name}.jpg"][0]
    (shown,) = desk.get(f"{HERE}/cases/{case.number}/files", user="agent-1").json_body["files"]
    assert (shown["state"], shown["sort"], shown["by"]) == ("ready", "picture", "resident")


@pytest.mark.req("A3")
def test_what_no_case_names_waits_where_it_is_deleted_by_itself(desk: ApiDesk) -> None:
    name = upload(desk, f"{HERE}/files", made.jpeg(), headers={"Idempotency-Key": "form"})
    assert in_place(desk, ARRIVED) == [ARRIVED + name]
    app.check_file(event(name), None)
    assert list(bucket(desk).held) == [f"{SEEN}{name}.jpg"]


@pytest.mark.req("A3", "G13")
def test_a_ticket_is_good_for_its_own_form_and_case_alone(desk: ApiDesk) -> None:
    name = upload(desk, f"{HERE}/files", made.jpeg(), headers={"Idempotency-Key": "form"})
    assert desk.report(key="another form", files=[name]).status_code == 400
    first, second = desk.engineering_case(), desk.engineering_case()
    mine = upload(desk, f"{HERE}/cases/{first}/files", made.jpeg(), user="agent-1")
    refused = desk.command(second, "add_files", {"files": [mine]}, user="agent-1")
    assert (refused.status_code, refused.json_body["Code"]) == (400, "InvalidInput")
    assert desk.command(first, "add_files", {"files": [mine]}, user="agent-1").status_code == 200
    assert case_of(desk, second).files == ()


@pytest.mark.parametrize(
    ("kind", "size", "said"),
    [
        ("video/mp4", 2 * 1024**3, "100 MB"),
        ("image/jpeg", 16 * 1024**2, "15 MB"),
        ("image/jpeg", 0, "empty"),
        ("image/svg+xml", 10, "no photo"),
        ("text/html", 10, "no photo"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 10, "PDF"),
    ],
)
def test_no_ticket_for_what_would_not_be_taken(desk: ApiDesk, kind: str, size: int, said: str) -> None:
    answer = desk.post(f"{HERE}/files", {"type": kind, "size": size}, headers={"Idempotency-Key": "f"})
    assert answer.status_code == 400
    assert said in answer.json_body["Message"]


@pytest.mark.req("C3")
def test_one_network_does_not_fill_the_bucket(desk: ApiDesk) -> None:
    def ask(size: int) -> HTTPResponse:
        body = {"type": "video/mp4", "size": size}
        return desk.post(f"{HERE}/files", body, headers={"Idempotency-Key": "form"})

    large = [ask(90 * 1024**2).status_code for _ in range(22)]
    assert (large[:20], large[20:]) == ([201] * 20, [429, 429])
    asked = [ask(100) for _ in range(60)]
    small = [answer.status_code for answer in asked]
    assert asked[0].json_body["fields"]["most"] == "100", "no large file comes with a small one's ticket"
    assert small.count(201) == 40, "sixty in ten minutes, twenty of them large"


@pytest.mark.req("A3")
def test_a_program_that_is_called_a_photo_says_so_on_the_case(desk: ApiDesk) -> None:
    case = by_resident(desk, b"MZ\x90 a program")
    (shown,) = desk.get(f"{HERE}/cases/{case.number}/files", user="agent-1").json_body["files"]
    assert shown["state"] == "file_program"
    page = desk.client.http.get(link(desk.office, case, Purpose.TRACK)).body.decode()
    assert "这是程序" in page
    assert desk.get(f"{HERE}/cases/{case.number}/files/1", user="agent-1").status_code == 404


@pytest.mark.req("E8", "G13")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("sort", ["picture", "voice"])
@pytest.mark.parametrize("shielded", [False, True])
def test_whoever_may_see_the_case_sees_its_files(
    desk: ApiDesk, role: str, sort: str, *, shielded: bool
) -> None:
    data, kind = (made.jpeg(), "image/jpeg") if sort == "picture" else (made.wav(), "audio/wav")
    case = by_resident(desk, data, kind, shielded=shielded)
    path, user = f"{HERE}/cases/{case.number}/files/1", ROLES[role]
    shown = desk.get(f"{HERE}/cases/{case.number}", user=user)
    answer, given = desk.get(path, user=user), desk.get(f"{path}?reason=必须看", user=user)
    if role not in INVOLVED:
        assert (
            answer.status_code
            == given.status_code
            == (404 if role in EVERYBODY - {"committee", "machine"} else 403)
        )
    elif shielded:
        works_on_it = role in {"the handler", "head of the department"}
        assert (answer.status_code, given.status_code) == (403, 403 if works_on_it else 200)
    elif sort == "voice" and shown.json_body["contact_hidden"]:
        assert (answer.status_code, given.status_code) == (403, 200)
    else:
        assert answer.status_code == 200
        assert answer.json_body["address"].startswith(f"{ORIGIN}/{KEPT}")
        assert answer.headers["Cache-Control"] == "no-store"
    assert desk.get(path).status_code == 401


@pytest.mark.req("G13")
def test_a_complaint_about_a_person_holds_for_its_photos(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg(), kind="complaint", matter="other", about_person="穿蓝衣服的工程师")
    where = f"{HERE}/cases/{case.number}/files"
    assert desk.get(where, user="engineering-1").status_code == 404
    assert desk.get(f"{where}/1", user="engineering-1").status_code == 404
    assert desk.get(f"{where}/1", user="supervisor-1").status_code == 200


@pytest.mark.req("E8")
def test_each_file_that_is_opened_is_on_record(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    desk.get(f"{HERE}/cases/{case.number}/files/1", user="agent-1")
    work = link(desk.office, case, Purpose.WORK)
    assert desk.client.http.get(f"{work}/files/1").status_code == 303
    assert desk.office.memory is not None
    looks = [(look.who, look.what) for _, _, look in desk.office.memory.looks]
    assert ("agent-1", LookAt.FILE) in looks
    assert ("engineering-1", LookAt.FILE) in looks


@pytest.mark.req("A3", "E5")
def test_the_resident_sees_before_and_after_and_nothing_else_of_the_company(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    work, track = (link(desk.office, case, purpose) for purpose in (Purpose.WORK, Purpose.TRACK))
    for stage, kind in (("after", made.png()), ("", made.webp())):
        answer = sent(desk, f"{work}/files", {"once": stage or "none", "stage": stage}, ("x", kind))
        assert answer.status_code == 303, answer.body.decode()
    relayed(desk, case_of(desk, case.number))
    listed = desk.get(f"/v1/links/{track.rpartition('/')[2]}/files").json_body["files"]
    assert [(file["place"], file["stage"]) for file in listed] == [(1, None), (2, "after")]
    assert desk.client.http.get(f"{track}/files/3").status_code == 404
    page = desk.client.http.get(track)
    assert f"{ORIGIN}/{KEPT}" in page.body.decode()
    assert f"img-src 'self' data: {ORIGIN};" in page.headers["Content-Security-Policy"]
    told = page.body.decode()
    assert told.count("补充了1个附件") == 1, "the colleagues' own is not told"


@pytest.mark.req("A3", "B9", "B16", "E8")
def test_files_stand_by_what_they_show_on_the_order_and_beside_the_loss(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg(), kind="repair", matter="lighting_lock")
    work, track = (link(desk.office, case, purpose) for purpose in (Purpose.WORK, Purpose.TRACK))
    loss = LossForm(amount_fen=12_000, what="地砖", party="物业")
    case = desk.office.do(case_of(desk, case.number), "record_loss", SUPERVISOR, loss)
    session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of('supervisor-1')}"}
    here = f"/desk/riverside/cases/{case.number}"
    assert "还没有证据" in desk.client.http.get(here, headers=session).body.decode()
    for width, stage in enumerate(("paper", "broken", "meter", "after", ""), 1):
        photo = ("x", made.png(width=width))
        answer = sent(desk, f"{work}/files", {"once": stage or "n", "stage": stage}, photo)
        assert answer.status_code == 303, answer.body.decode()
    relayed(desk, case_of(desk, case.number))
    page = desk.client.http.get(here, headers=session).body.decode()
    captions = ["住户提供", "处理后", "水电表读数", "损坏处", "纸质单据", "其他"]
    said = [part.split("</h3>")[0] for part in page.split("<h3>")[1:]]
    assert [caption for caption in said if caption in captions] == captions
    proof = page.partition("<dt>损坏证据</dt>")[2].partition("</dd>")[0]
    assert f'href="../../../desk/riverside/cases/{case.number}/files/3"' in proof
    order = page.partition("维修任务单")[2].partition("</dl>")[0]
    assert [caption in order for caption in captions] == [False, False, True, True, True, False]
    told = desk.client.http.get(track).body.decode()
    assert "水电表读数" in told
    assert "损坏处" not in told
    assert "纸质单据" not in told


@pytest.mark.req("A3", "D4", "E6")
def test_a_photo_of_the_revisit_stands_with_it_and_on_paper(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg(), kind="repair", matter="lighting_lock")
    work, track = (link(desk.office, case, purpose) for purpose in (Purpose.WORK, Purpose.TRACK))
    for command, form in (("sign", {"signature": "工程部甲"}), ("complete", {"result": "灯已换好。"})):
        answer = desk.command(case.number, command, form, user="engineering-1")
        assert answer.status_code == 200, answer.json_body
    here = f"/desk/riverside/cases/{case.number}"
    held = desk.token_of("supervisor-1")
    session = {"Cookie": f"{cookie_name(BASE_URL)}={held}"}
    page = desk.client.http.get(here, headers=session).body.decode()
    assert 'href="#do-add_files">上门回访拍的照片' in page
    assert '<option value="revisit" selected>' in page, "whoever visits has nothing to choose"
    typed = {"once": "1", "csrf": csrf_token(desk.office.codes, pool().verify(held)), "stage": "revisit"}
    body, headers = multipart(typed, ("visit.png", made.png()))
    taken = desk.client.http.request("POST", f"{here}/files", headers=session | headers, body=body)
    assert taken.status_code == 303, taken.body.decode()
    relayed(desk, case_of(desk, case.number))
    page = desk.client.http.get(here, headers=session).body.decode()
    beside = page.partition("<dt>回访照片</dt>")[2].partition("</dd>")[0]
    assert f'href="../../../desk/riverside/cases/{case.number}/files/2"' in beside
    assert "补充了1个附件（回访时）" in page
    for sheet, is_on_it in (("file", True), ("order", True), ("original", False), ("contact", False)):
        paper = desk.client.http.get(f"{here}/paper?sheet={sheet}", headers=session).body.decode()
        assert (f"{ORIGIN}/{KEPT}" in paper and "回访时" in paper) == is_on_it, sheet
    for address in (work, track):
        assert "<h3>回访时</h3>" in desk.client.http.get(address).body.decode()


@pytest.mark.req("E8", "G13")
def test_a_scanned_paper_or_a_revisit_tells_no_handler_who_a_shielded_resident_is() -> None:
    case = in_state(State.SIGNED, shielded=True).case
    seen = {
        stage: shows_on_link(Purpose.WORK, case, File("x/y", MONDAY, Role.AGENT, "agent-1", stage), "picture")
        for stage in (None, *STAGES)
    }
    assert {stage for stage, is_seen in seen.items() if is_seen} == {"before", "after"}


@pytest.mark.req("A3")
def test_without_a_script_the_form_carries_its_photo(desk: ApiDesk) -> None:
    answer = sent(desk, "/c/riverside", {**REPORT, "once": "k1"}, ("../../etc/passwd.jpg", made.jpeg()))
    assert answer.status_code == 303, answer.body.decode()
    assert desk.office.memory is not None
    (case,) = desk.office.memory.whole_cases()
    relayed(desk, case)
    (file,) = case_of(desk, case.number).files
    assert list(bucket(desk).held) == [f"{KEPT}{file.name}.jpg"]
    assert "passwd" not in str(bucket(desk).held)


@pytest.mark.req("A3")
@pytest.mark.parametrize(
    ("called", "data", "said"),
    [
        ("photo.jpg", b"MZ\x90", "这是程序"),
        ("\u202egpj.exe" + "长" * 300, b"MZ\x90", "这是程序"),
        ("empty.jpg", b"", "文件是空的"),
        ("cut.jpg", made.jpeg()[:200], "文件不完整"),
        ("IMG_1.HEIC", made.heic(lost=True), "兼容性最佳"),
        ("bomb.png", made.png(width=9000, height=6000), "像素太多"),
        ("plan.svg", b"<svg onload='alert(1)'/>", "这是程序、网页"),
        ("locked.zip", b"PK\x03\x04\x14\0\x01", "压缩包"),
    ],
)
def test_a_file_that_is_not_taken_costs_no_word_of_the_form(
    desk: ApiDesk, called: str, data: bytes, said: str
) -> None:
    answer = sent(desk, "/c/riverside", {**REPORT, "once": "k1"}, (called, data))
    page = answer.body.decode()
    assert answer.status_code == 400
    assert said in page
    assert "电梯停在三楼" in page
    assert "\u202e" not in page
    assert "长" * 50 not in page


@pytest.mark.req("A3")
def test_a_form_whose_files_are_too_large_says_so_of_them_and_not_of_its_text(desk: ApiDesk) -> None:
    large = b"\xff" * 2_300_000
    answer = sent(desk, "/c/riverside", {**REPORT, "once": "k1"}, ("a.jpg", large), ("b.jpg", large))
    assert answer.status_code == 413
    assert "文件太大：一次合计不超过 4 MB" in answer.body.decode()
    assert "电梯停在三楼" in answer.body.decode()


@pytest.mark.req("A3", "A11")
def test_the_receipt_says_that_files_are_looked_at_and_which_was_not_taken(desk: ApiDesk) -> None:
    case = by_resident(desk, b"MZ\x90 a program")
    track = link(desk.office, case, Purpose.TRACK)
    page = desk.client.http.get(f"{track}/receipt").body.decode()
    assert "已交照片和附件 1 个，正在逐个检查" in page
    assert "这是程序" in page
    without = reported(desk, "another")
    assert (
        "照片和附件"
        not in desk.client.http.get(f"{link(desk.office, without, Purpose.TRACK)}/receipt").body.decode()
    )


@pytest.mark.req("A3")
def test_a_mistake_in_the_form_costs_no_photo(desk: ApiDesk) -> None:
    wrong = {**REPORT, "phone": "12", "once": "k1", "files_key": "f1"}
    page = sent(desk, "/c/riverside", wrong, ("a.jpg", made.jpeg())).body.decode()
    assert "您的1个文件已经收到" in page
    (seen,) = in_place(desk, SEEN)
    name = seen.removeprefix(SEEN).removesuffix(".jpg")
    assert f'value="{name}"' in page
    again = sent(desk, "/c/riverside", {**REPORT, "once": "k2", "files_key": "f1", "uploaded": name})
    assert again.status_code == 303, again.body.decode()
    assert desk.office.memory is not None
    (case,) = desk.office.memory.whole_cases()
    assert [file.name for file in case.files] == [name]


@pytest.mark.req("A3", "A7")
def test_a_photo_or_a_voice_alone_is_a_report_that_the_desk_looks_at_and_fills_in(desk: ApiDesk) -> None:
    """Without a word it is unsorted; lists and page say so; what the desk writes down is its text."""
    alone = {name: said for name, said in REPORT.items() if name not in {"text", "kind", "matter"}}
    page = desk.client.http.get("/c/riverside").body.decode()
    assert "或照片、录音" in page
    assert not re.search(r'<textarea id="report-text"[^>]* required', page)
    answer = sent(desk, "/c/riverside", {**alone, "once": "k1", "files_key": "f1"}, ("a.jpg", made.jpeg()))
    assert answer.status_code == 303, answer.body.decode()
    assert desk.office.memory is not None
    (case,) = desk.office.memory.whole_cases()
    assert (case.report.text, case.classification.matter, len(case.files)) == (None, "unsorted", 1)
    assert "没有文字" in desk.client.http.get(link(desk.office, case, Purpose.TRACK)).body.decode()

    session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of('agent-1')}"}
    for where in ("", "?list=community", f"/cases/{case.number}"):
        shown = desk.client.http.get(f"/desk/riverside{where}", headers=session).body.decode()
        assert "没有文字" in shown, where
    told = {"text": "孩子困在电梯里"}
    assert desk.command(case.number, "fill_in", told, user="agent-1").status_code == 200
    assert case_of(desk, case.number).report.text == told["text"]


@pytest.mark.req("A3", "A1")
def test_neither_word_nor_file_is_no_report(desk: ApiDesk) -> None:
    nothing = {**REPORT, "text": " ", "once": "k1", "files_key": "f1"}
    page = sent(desk, "/c/riverside", nothing)
    assert (page.status_code, "请填写" in page.body.decode()) == (400, True)
    answer = desk.report(key="k2", text=None)
    assert (answer.status_code, "'files'" in answer.json_body["Message"]) == (400, True)


@pytest.mark.req("A3")
def test_the_same_file_twice_is_one(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    track = link(desk.office, case, Purpose.TRACK)
    twice = (("a.png", made.png()), ("b.png", made.png()))
    assert sent(desk, f"{track}/files", {"once": "1"}, *twice).status_code == 303
    again = sent(desk, f"{track}/files", {"once": "2"}, twice[0])
    assert again.status_code == 400
    assert "已在工单里" in again.body.decode()
    assert len(case_of(desk, case.number).files) == 2


@pytest.mark.req("A3")
def test_no_file_is_no_command(desk: ApiDesk) -> None:
    track = link(desk.office, by_resident(desk, made.jpeg()), Purpose.TRACK)
    answer = sent(desk, f"{track}/files", {"once": "1"}, ("", b""))
    assert (answer.status_code, "请先选择文件" in answer.body.decode()) == (400, True)
    body = urlencode({"once": "2", "files": ""}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.client.http.post(f"{track}/files", body=body, headers=headers).status_code == 400


@pytest.mark.req("A3")
def test_after_the_end_a_resident_reports_anew(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    code = link(desk.office, case, Purpose.TRACK).rpartition("/")[2]
    withdrawn(desk, case)
    ticket = desk.post(f"/v1/links/{code}/files", {"type": "image/png", "size": 9})
    assert (ticket.status_code, ticket.json_body["Code"]) == (409, "CommandRefused")
    answer = sent(desk, f"/l/{code}/files", {"once": "1"}, ("a.png", made.png()))
    assert answer.status_code == 409


@pytest.mark.req("G24")
def test_files_are_erased_and_exported_with_the_rest(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    notices, findings = desk.office.stores.notices, FakeFindings()
    place, words = desk.office.desk.directory.community("riverside"), wiring.words().get("en")
    mine = own_data(desk.office.desk, notices, findings, place, PHONE, words, None)
    (address,) = mine.cases[0].files
    assert address.startswith(f"{ORIGIN}/{KEPT}")
    withdrawn(desk, case)
    late = case_of(desk, case.number).files[0].name
    bucket(desk).put(ARRIVED + late, made.png(), "image/png")
    erase_own_data(desk.office.desk, notices, findings, place, PHONE, None)
    assert bucket(desk).held == {}
    assert desk.get(f"{HERE}/cases/{case.number}/files", user="agent-1").json_body["files"] == []


def test_a_bucket_that_does_not_answer_costs_the_files_alone(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    bucket(desk).is_down = True
    page = desk.client.http.get(link(desk.office, case, Purpose.TRACK))
    assert (page.status_code, "暂时无法显示附件" in page.body.decode()) == (200, True)
    assert desk.report(key="new", text="灯坏了").status_code == 201


@pytest.mark.req("A3")
def test_what_the_relay_lost_is_kept_by_whoever_looks(desk: ApiDesk) -> None:
    name = upload(desk, f"{HERE}/files", made.jpeg(), headers={"Idempotency-Key": "form"})
    case = reported(desk, "form", name)
    where = f"{HERE}/cases/{case.number}/files"
    assert desk.get(where, user="agent-1").json_body["files"][0]["state"] == "waits"
    desk.office.clock.advance(timedelta(minutes=5))
    assert desk.get(where, user="agent-1").json_body["files"][0]["state"] == "ready"


def test_what_never_arrived_says_so(desk: ApiDesk) -> None:
    ticket = desk.post(f"{HERE}/files", {"type": "image/png", "size": 9}, headers={"Idempotency-Key": "f"})
    case = reported(desk, "f", ticket.json_body["file"])
    desk.office.clock.advance(timedelta(days=3))
    where = f"{HERE}/cases/{case.number}/files"
    assert desk.get(where, user="agent-1").json_body["files"][0]["state"] == "missing"


@pytest.mark.req("A3")
def test_a_mails_files_come_the_same_way_once(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    parts = [
        Part("合同.pdf", "合同.pdf (application/pdf, 1 KB)", made.pdf()),
        Part("x.exe", "x.exe (application/x-msdownload, 1 KB)", b"MZ"),
        Part("", "message/rfc822 (message/rfc822)", b""),
    ]
    for _ in range(2):
        case, left = attach(desk.office.desk, case, "letter", parts)
        assert left == (parts[1].line, parts[2].line)
    assert [file.by for file in case.files] == [RESIDENT.role, RESIDENT.role]
    relayed(desk, case)
    folder = folder_of_case(desk.office.desk, case.community, case.number)
    assert [key for key in in_place(desk, KEPT) if folder in key] == [f"{KEPT}{case.files[1].name}.pdf"]
    address = desk.get(f"{HERE}/cases/{case.number}/files/2", user="agent-1").json_body["address"]
    assert "as=application/pdf" in address
    assert f"saved={case.number}-2.pdf" in address, "never shown in the page"
    over = withdrawn(desk, case)
    photo = Part("a.png", "a.png (image/png, 1 KB)", made.png())
    assert attach(desk.office.desk, over, "next", [photo])[1] == (photo.line,)


@pytest.mark.req("A3")
def test_what_a_full_case_does_not_take_of_a_mail_is_named(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    films = [Part(f"{n}.pdf", f"{n}.pdf", made.pdf() + b"\n%%EOF" + str(n).encode()) for n in range(45)]
    case, left = attach(desk.office.desk, case, "letter", films)
    assert len(case.files) + len(left) == 1 + len(films)
    assert 30 < len(case.files) <= MOST_FILES


@pytest.mark.req("A3")
def test_a_voice_can_be_heard_before_it_is_sent_where_one_can_be_recorded(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    form, track = desk.client.http.get("/c/riverside"), link(desk.office, case, Purpose.TRACK)
    assert f"media-src 'self' {ORIGIN} blob:;" in form.headers["Content-Security-Policy"]
    assert 'name="record"' in form.body.decode()
    for script in ("sending", "keeping", "recorder"):
        assert f"static/{script}.js" not in form.body.decode(), "loaded when it is wanted"
        assert desk.client.http.get(f"/static/{script}.js").status_code == 200
    assert "blob:" in desk.client.http.get(track).headers["Content-Security-Policy"]
    withdrawn(desk, case)
    assert "blob:" not in desk.client.http.get(track).headers["Content-Security-Policy"]


def test_an_event_that_is_not_understood_is_left_alone(desk: ApiDesk) -> None:
    bucket(desk).put("riverside/CA1/RE1.wav", b"RIFF", "audio/wav")
    for strange in ({}, {"detail": {"object": {"key": "riverside/CA1/RE1.wav"}}}, event("../../x")):
        assert app.check_file(strange, None) == {"looked_at": False}
    assert list(bucket(desk).held) == ["riverside/CA1/RE1.wav"]


def test_the_page_of_staff_shows_and_takes_files(desk: ApiDesk) -> None:
    case = by_resident(desk, made.jpeg())
    held = desk.token_of("agent-1")
    session = {"Cookie": f"{cookie_name(BASE_URL)}={held}"}
    where = f"/desk/riverside/cases/{case.number}"
    page = desk.client.http.request("GET", where, headers=session)
    assert f'src="{ORIGIN}/{KEPT}' in page.body.decode()
    body, headers = multipart(
        {"once": "1", "csrf": csrf_token(desk.office.codes, pool().verify(held))}, ("收据.pdf", made.pdf())
    )
    answer = desk.client.http.request("POST", f"{where}/files", headers=session | headers, body=body)
    assert answer.status_code == 303, answer.body.decode()
    forged, headers = multipart({"once": "2"}, ("a.png", made.png()))
    assert (
        desk.client.http.request("POST", f"{where}/files", headers=session | headers, body=forged).status_code
        == 403
    )
    opened = desk.client.http.request("GET", f"{where}/files/1", headers=session)
    assert (opened.status_code, opened.headers["Cache-Control"]) == (303, "no-store")
    relayed(desk, case_of(desk, case.number))
    paper = desk.client.http.request("GET", f"{where}/paper", headers=session).body.decode()
    name = f"{case.number}-2.pdf"
    assert name in paper, "the case file says under which name the PDF is kept beside it"
    assert name in str(
        desk.client.http.request("GET", f"{where}/files/2", headers=session).headers["Location"]
    )
