"""Who hears what a caller said, and when it is gone (A1, E8, G24)."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.http.bodies import FORM
from chalicelib.http.sessions import cookie_name, csrf_token
from chalicelib.services.privacy.own_data import erase_own_data, own_data
from tests import content
from tests.api_desk import BASE_URL, ROLES, ApiDesk, api_desk, pool
from tests.exchange import TestCall
from tests.fakes.findings import FakeFindings
from tests.fakes.recordings import SOUND

RECORDING = "RE" + "5" * 32
PHONE = "+8613900001234"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def called(desk: ApiDesk, sound: bytes = SOUND) -> Case:
    """A case of a call, assigned to `engineering-1`."""
    wiring.exchange().sounds[RECORDING] = sound  # type: ignore[attr-defined]
    TestCall(desk).go().press("1").press("1").press("3*1201").press("1").speak(RECORDING)
    assert desk.office.memory is not None
    (case,) = desk.office.memory.whole_cases()
    sorted_as = {"kind": "repair", "matter": "elevator", "reason": "听录音"}
    assert desk.command(case.number, "classify", sorted_as, user="agent-1").status_code == 200
    given = {"handler": "engineering-1", "reason": "on duty"}
    assert desk.command(case.number, "assign", given, user="manager-1").status_code == 200
    return desk.office.case(case)


def ask(desk: ApiDesk, user: str, method: str, path: str, fields: dict[str, str] | None) -> HTTPResponse:
    """A page as the browser of `user` asks for it."""
    held = desk.token_of(user)
    headers = {"Cookie": f"{cookie_name(BASE_URL)}={held}"}
    if fields is None:
        return desk.client.http.request(method, path, headers=headers)
    sent = {**fields, "csrf": csrf_token(desk.office.codes, pool().verify(held))}
    headers["Content-Type"] = FORM
    return desk.client.http.request(method, path, headers=headers, body=urlencode(sent).encode())


def kept(desk: ApiDesk) -> dict[str, bytes]:
    found: dict[str, bytes] = desk.office.desk.recordings.kept  # type: ignore[attr-defined]
    return found


@pytest.mark.req("E8")
@pytest.mark.parametrize("role", ROLES)
def test_whoever_sees_who_called_hears_them(desk: ApiDesk, role: str) -> None:
    case = called(desk)
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/1"
    shown = desk.get(f"/v1/communities/riverside/cases/{case.number}", user=ROLES[role])
    answer = desk.get(path, user=ROLES[role])
    if shown.status_code != 200:
        assert answer.status_code == shown.status_code
    elif shown.json_body["contact_hidden"]:
        assert (answer.status_code, answer.json_body["Code"]) == (403, "NotAllowed")
        assert desk.get(f"{path}?reason=listen", user=ROLES[role]).status_code == 200
    else:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert desk.get(path).status_code == 401


@pytest.mark.req("A1", "A3")
def test_of_a_recording_the_sound_alone_is_kept(desk: ApiDesk) -> None:
    called(
        desk,
        content.riff(b"WAVE", (b"fmt ", bytes(16)), (b"LIST", content.PLACE), (b"data", b"what was said")),
    )
    assert list(kept(desk).values()) == [SOUND]


@pytest.mark.req("A1", "A3")
@pytest.mark.parametrize("strange", [b"RIFF\x24\0\0\0WAVE<script>", content.mp3(), b"MZ", b""])
def test_what_is_no_sound_is_not_kept_and_stays_at_the_exchange(desk: ApiDesk, strange: bytes) -> None:
    case = called(desk, strange)
    assert kept(desk) == {}
    assert RECORDING in wiring.exchange().sounds  # type: ignore[attr-defined]
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/1"
    assert desk.get(path, user="agent-1").status_code == 503


@pytest.mark.req("E8")
def test_each_listening_is_on_record(desk: ApiDesk) -> None:
    case = called(desk)
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/1"
    desk.get(path, user="agent-1")
    desk.get(f"{path}?reason=listen", user="manager-1")
    assert desk.office.memory is not None
    looks = [(look.who, look.what, look.reason) for _, _, look in desk.office.memory.looks]
    assert ("agent-1", LookAt.RECORDING, None) in looks
    assert ("manager-1", LookAt.REVEAL, "listen") in looks


@pytest.mark.parametrize("place", ["0", "2", "99", "x", "-1", "1.5"])
def test_there_is_no_other_recording(desk: ApiDesk, place: str) -> None:
    case = called(desk)
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/{place}"
    assert desk.get(path, user="agent-1").status_code in {400, 404}


@pytest.mark.req("E8")
def test_the_page_of_the_case_leads_to_it_and_only_who_may_hear_it(desk: ApiDesk) -> None:
    case = called(desk)
    here = f"/desk/riverside/cases/{case.number}"
    assert "听来电录音 1" in ask(desk, "agent-1", "GET", here, None).body.decode()
    heard = ask(desk, "agent-1", "GET", f"{here}/recordings/1", None)
    assert heard.status_code == 303
    assert heard.headers["Location"].startswith("https://recordings.example.com/riverside/")
    masked = ask(desk, "manager-1", "GET", here, None).body.decode()
    assert "听来电录音" not in masked
    assert ask(desk, "manager-1", "GET", f"{here}/recordings/1", None).status_code == 403
    revealed = ask(desk, "manager-1", "POST", f"{here}/reveal", {"reason": "住户来电"}).body.decode()
    assert "https://recordings.example.com/riverside/" in revealed


@pytest.mark.req("G24")
def test_it_is_among_the_own_data_and_gone_with_them(desk: ApiDesk) -> None:
    case, place = called(desk), desk.office
    stores = (place.desk, place.stores.notices, FakeFindings(), place.desk.directory.community("riverside"))
    (own,) = own_data(*stores, PHONE, wiring.words().get("zh-CN"), None).cases
    assert [address.partition("?")[0] for address in own.recordings] == [
        f"https://recordings.example.com/{name}" for name in kept(desk)
    ]
    place.do(case, "withdraw", RESIDENT, ReasonForm("好了"))
    assert erase_own_data(*stores, PHONE, None).erased == (case.number,)
    assert kept(desk) == {}
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/1"
    assert desk.get(path, user="agent-1").status_code == 404
