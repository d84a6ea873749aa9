"""Role × relation × field: what each reads of each case, by every route and command there is (E8, G13).

Generated from the routes and the transition table. Default deny: a route with a case in its path that stands
in no list here fails, and every command of the table is given.
"""

from collections.abc import Iterator

import pytest
from chalice.test import HTTPResponse

from app import app
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.sessions import cookie_name
from tests.api_desk import BASE_URL, ApiDesk
from tests.reads import CASES, NOTHING, READS, WHOLE, desk_with_each

HERE = "/v1/communities/{community}"
SHOWS_A_CASE = {
    HERE + "/cases/{number}",
    HERE + "/cases/{number}/events",
    "/desk/{community}/cases/{number}",
    "/desk/{community}/cases/{number}/paper",
}
ONLY_LEADS_BACK = {
    "/desk/{community}/cases/{number}/{command}",
    "/desk/{community}/incidents/{number}/{act}",
    "/w/{number}",
}
SHOWS_PART_OF_A_CASE = {
    HERE + "/incidents/{number}",
    "/desk/{community}/incidents/{number}",
    HERE + "/cases/{number}/recordings/{place}",
    HERE + "/cases/{number}/files",
    HERE + "/cases/{number}/files/{place}",
    "/desk/{community}/cases/{number}/files/{place}",
    "/desk/{community}/cases/{number}/recordings/{place}",
    "/desk/{community}/cases/{number}/paper/{sheet}/{paper_id}",
}
"""An incident is opened from a case, recordings, files and PDFs belong to one; here there are none."""
REVEALS = HERE + "/cases/{number}/reveals"
CHANGES_A_CASE = {
    REVEALS,
    HERE + "/cases/{number}/commands/{command}",
    HERE + "/cases/{number}/files",  # a ticket; files/test_files.py
    "/desk/{community}/cases/{number}/files",  # gives a command of the table
    "/desk/{community}/cases/{number}/paper",  # asks for a PDF; web/test_pdf.py
    "/desk/{community}/cases/{number}/reveal",  # asks what the API's does
    "/desk/{community}/cases/{number}/{command}",
    "/desk/{community}/incidents/{number}/{act}",  # gives commands of the table
}
WORKS_ON_IT = {"engineering-1", "engineering-head"}
"""Whoever works on the case, and never learns who a shielded resident is."""
FIELDS = {"name": ("王芳",), "phone": ("13900001234", "139 0000 1234"), "unit": ("3-1201",)}


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[ApiDesk, dict[str, str]]]:
    """A desk with one case of each sort."""
    with desk_with_each() as made:
        yield made


def routes(method: str) -> set[str]:
    return {path for path, methods in app.routes.items() if method in methods}


def seen(desk: ApiDesk, path: str, user: str, number: str = "") -> HTTPResponse:
    where = path.replace("{community}", "riverside").replace("{number}", number)
    if path.startswith("/v1/"):
        return desk.get(where, user=user)
    session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(user)}"}
    return desk.client.http.request("GET", where, headers=session)


def test_every_route_of_a_case_stands_in_a_list() -> None:
    of_a_case = {path for path in routes("GET") if "{number}" in path}
    assert of_a_case == SHOWS_A_CASE | ONLY_LEADS_BACK | SHOWS_PART_OF_A_CASE
    assert {path for path in routes("POST") if "{number}" in path} == CHANGES_A_CASE
    assert not {path for path in routes("PUT") | routes("DELETE") if "{number}" in path}


@pytest.mark.req("E8", "G13")
@pytest.mark.parametrize("path", sorted(SHOWS_A_CASE))
@pytest.mark.parametrize("user", READS)
def test_what_is_read_of_a_case(place: tuple[ApiDesk, dict[str, str]], path: str, user: str) -> None:
    desk, numbers = place
    for case, expected in zip(CASES, READS[user], strict=True):
        answer = seen(desk, path, user, numbers[case])
        said = answer.body.decode()
        found = {name for name, written in FIELDS.items() if any(text in said for text in written)}
        assert (answer.status_code == 200) == (expected != NOTHING), (user, case, answer.status_code)
        assert found == (set(FIELDS) if expected == WHOLE else set()), (user, case, expected)


@pytest.mark.req("E8", "G13")
@pytest.mark.parametrize("path", sorted(SHOWS_PART_OF_A_CASE))
@pytest.mark.parametrize("user", READS)
def test_what_is_beside_a_case_says_no_more_than_the_case(
    place: tuple[ApiDesk, dict[str, str]], path: str, user: str
) -> None:
    desk, numbers = place
    for case, expected in zip(CASES, READS[user], strict=True):
        answer = seen(desk, path.replace("{place}", "1"), user, numbers[case])
        said = answer.body.decode()
        found = {name for name, written in FIELDS.items() if any(text in said for text in written)}
        assert answer.status_code < 500
        assert expected == WHOLE or found == set(), (user, case, found)
        assert expected != NOTHING or answer.status_code in {303, 403, 404}, (user, case, answer.status_code)


@pytest.mark.req("E8", "G13")
@pytest.mark.parametrize("user", READS)
def test_what_is_revealed_of_a_case(place: tuple[ApiDesk, dict[str, str]], user: str) -> None:
    desk, numbers = place
    for case, expected in zip(CASES, READS[user], strict=True):
        where = REVEALS.replace("{community}", "riverside").replace("{number}", numbers[case])
        answer = desk.post(where, {"reason": "住户来电"}, user=user)
        found = {
            name for name, written in FIELDS.items() if any(text in str(answer.json_body) for text in written)
        }
        if user in {"committee-1", "ivr-1"}:
            assert (answer.status_code, found) == (403, set())
        elif expected == NOTHING:
            assert (answer.status_code, found) == (404, set()), (user, case)
        elif case == "shielded" and user in WORKS_ON_IT:
            assert (answer.status_code, found) == (403, set()), user
        else:
            assert (answer.status_code, found) == (200, set(FIELDS)), (user, case)


@pytest.mark.req("G13")
@pytest.mark.parametrize("user", READS)
def test_no_list_names_a_case_to_whoever_is_kept_away(
    place: tuple[ApiDesk, dict[str, str]], user: str
) -> None:
    desk, numbers = place
    lists = {path for path in routes("GET") if "{community}" in path and "{" not in path.split("}", 1)[1]}
    asked = {*lists, HERE + "/cases?month=2026-11", HERE + "/cases?unit=3-1201", HERE + "/cases?scope=taken"}
    for path in sorted(asked):
        said = seen(desk, path, user).body.decode()
        for case, expected in zip(CASES, READS[user], strict=True):
            if expected == NOTHING and case.startswith("about"):
                assert numbers[case] not in said, (path, user, case)


@pytest.mark.req("B2", "G13")
@pytest.mark.parametrize("command", TABLE)
@pytest.mark.parametrize("user", READS)
def test_no_command_is_given_on_a_case_that_is_not_theirs_to_see(
    place: tuple[ApiDesk, dict[str, str]], command: str, user: str
) -> None:
    desk, numbers = place
    for case, expected in zip(CASES, READS[user], strict=True):
        answer = desk.command(numbers[case], command, {"nothing": "of ours"}, user=user)
        if user in {"committee-1", "ivr-1"}:
            assert answer.status_code == 403
        elif expected == NOTHING:
            assert answer.status_code == 404
            unknown = desk.command("202611-0999", command, {"nothing": "of ours"}, user=user)
            assert answer.body == unknown.body.replace(b"202611-0999", numbers[case].encode())
        else:
            assert answer.status_code in {400, 403}, "seen; the form is none, or the role may not"
