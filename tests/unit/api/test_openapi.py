"""The document is made from the routes: complete, consistent, and shown without anything from outside."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app import app
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.follow_up.praise import PRAISE
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.rules import COMPLEXITIES, KINDS, SEVERITIES, URGENCIES
from chalicelib.version import VERSION
from tests.api_desk import ApiDesk, api_desk


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.fixture
def document(desk: ApiDesk) -> dict[str, Any]:
    found: dict[str, Any] = desk.get("/v1/openapi.json").json_body
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_route_and_every_command_is_in_it(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    links = {PRAISE, *(command for commands in COMMANDS_BY_PURPOSE.values() for command in commands)}
    staff = set(TABLE) - {
        "fire_timers",
        "appeal",
        "ask_erasure",
        "erase",
        "rate",
        *(
            "agree",
            "disagree",
            "ask_price",
            "urge",
            "withdraw",
            "object",
            "add_words",
            "choose_language",
            "refuse_work",
        ),
        "record_delivery",
        "hear",
        "find_payer",
        *("part", "set_free"),
        "join",
        "identify_merged",
        *("share_result", "solve_joined"),
        *("part", "set_free"),
    }
    expected = set()
    for path, methods in app.routes.items():
        if not path.startswith("/v1/"):
            continue
        commands = links if "/links/" in path else staff
        for method in methods:
            paths = (
                [path.replace("{command}", command) for command in commands]
                if "{command}" in path
                else [path]
            )
            expected |= {(path, method.lower()) for path in paths}
    assert {(path, method) for path, method, _ in operations(document)} == expected


def test_the_document_and_the_health_of_the_desk_name_the_release(
    desk: ApiDesk, document: dict[str, Any]
) -> None:
    assert document["info"]["version"] == VERSION
    assert desk.get("/v1/health").json_body == {"status": "ok", "version": VERSION}


def test_operations_are_told_apart_and_explained(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        named = re.findall(r"{(\w+)}", path)
        assert named == [
            parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"
        ]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    references = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', text))
    assert references <= set(document["components"]["schemas"])
    assert "Error" in references


def test_who_must_sign_in_is_said(document: dict[str, Any]) -> None:
    paths = document["paths"]
    cases = paths["/v1/communities/{community}/cases"]
    assert cases["get"]["security"] == [{"bearer": []}]
    assert cases["post"]["security"] == [{}, {"bearer": []}]
    assert paths["/v1/links/{code}"]["get"]["security"] == [{}]
    assert set(cases["post"]["responses"]) == {
        "200", "201", "400", "401", "403", "404", "409", "413", "415", "428", "429", "500", "503",
    }  # fmt: skip


def test_the_body_of_a_report_is_described_as_it_is_checked(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["ReportBody"]
    assert not schema["required"], "staff and machines may not know it; residents are asked for it (G7)"
    assert schema["properties"]["text"]["anyOf"][0]["maxLength"] == 2000
    assert "walk_in" in document["components"]["schemas"]["Channel"]["enum"]


def test_real_answers_have_the_fields_that_the_document_says(desk: ApiDesk, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    number = desk.engineering_case()
    cases = "/v1/communities/riverside/cases"
    receipt = desk.report().json_body
    code = receipt["tracking_url"].rpartition("/")[2]
    for answer, name in (
        (receipt, "ReceiptView"),
        (desk.get(f"{cases}/{number}", user="agent-1").json_body, "CaseView"),
        (desk.get(cases, user="agent-1").json_body, "CaseList"),
        (desk.get(f"/v1/links/{code}").json_body, "TrackView"),
        (desk.get("/v1/communities/riverside/figures", user="agent-1").json_body, "MonthFigures"),
    ):
        assert set(answer) == set(schemas[name]["properties"]), name


def test_the_page_needs_nothing_from_outside(desk: ApiDesk) -> None:
    page = desk.get("/v1/docs")
    text = page.body.decode()
    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    assert "<script" not in text
    assert "request_extension" in text


def test_importing_the_api_loads_nothing_heavy() -> None:
    heavy = ("jwt", "cryptography", "phonenumbers", "jinja2", "boto3", "pynamodb", "holidays")
    script = f"import sys, chalicelib.api.routes; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_importing_the_app_loads_nothing_that_draws_pages() -> None:
    light = {
        "account_pages",
        "corrections",
        "file_routes",
        "finding_routes",
        "form_route",
        "day_routes",
        "handover_routes",
        "held_routes",
        "household_routes",
        "list_routes",
        "money_routes",
        "recordings",
        "own_case_routes",
        "paper_routes",
        "poster_routes",
        "proposal_routes",
        "board_routes",
        "book_routes",
        "incident_routes",
        "date_joints",
        "rendering",
        "roster_routes",
        "routes",
        "settings_routes",
        "sign_in",
        "staff_routes",
        "static_files",
        "static_routes",
        "steward_routes",
        "words",
    }
    script = "import sys, app; print(*(name for name in sys.modules if name.startswith('chalicelib.web.')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert {name.removeprefix("chalicelib.web.") for name in done.stdout.split()} == light


def test_what_can_only_be_one_of_a_few_words_says_which(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    report = schemas["ReportBody"]["properties"]
    for name, known in (("kind", KINDS), ("urgency", URGENCIES), ("severity", SEVERITIES)):
        assert {"type": "string", "maxLength": 100, "enum": list(known)} in report[name]["anyOf"], name
        answered = [*known, "unsorted"] if name == "kind" else list(known)
        assert schemas["Classification"]["properties"][name]["enum"] == answered
    assert schemas["ClassifyForm"]["properties"]["complexity"]["anyOf"][0]["enum"] == list(COMPLEXITIES)
    assert schemas["Channel"]["enum"] == sorted(Channel)


def test_the_example_of_a_report_is_taken_as_it_stands(desk: ApiDesk, document: dict[str, Any]) -> None:
    operation = document["paths"]["/v1/communities/{community}/cases"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    assert desk.post("/v1/communities/riverside/cases", example).status_code == 201
    assert "home_other" in desk.get("/v1/docs").body.decode()


def test_only_a_rating_is_said_to_be_taken_once(document: dict[str, Any]) -> None:
    said = [path for path, _, operation in operations(document) if "taken once" in operation["description"]]
    assert said == ["/v1/links/{code}/rate"]


def test_the_page_says_once_what_a_status_means(desk: ApiDesk) -> None:
    text = desk.get("/v1/docs").body.decode()
    for meaning in ("Too many; Retry-After", "The link was good once.", "The body is not JSON."):
        assert text.count(meaning) == 1, meaning
    assert "one of complaint, repair, help" in text


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/v1/docs"])
def test_the_document_may_be_kept_and_is_asked_about_by_its_tag(desk: ApiDesk, path: str) -> None:
    first = desk.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = desk.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert desk.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_page_of_the_document_is_framed_and_indexed_by_nobody(desk: ApiDesk) -> None:
    headers = desk.get("/v1/docs").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "form-action 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["X-Robots-Tag"]) == ("DENY", "noindex")


@pytest.mark.parametrize("path", ["/v1/regulations/S9", "/v1/regulations/S9/deadlines?matter=leak"])
def test_an_unknown_regulation_is_not_there_and_that_is_documented(
    desk: ApiDesk, document: dict[str, Any], path: str
) -> None:
    answer = desk.get(path)
    assert (answer.status_code, answer.json_body["Code"]) == (404, "NotFound")
    assert "there are S0, S1" in answer.json_body["Message"]
    declared = path.partition("?")[0].replace("S9", "{pack}")
    assert "404" in document["paths"][declared]["get"]["responses"]
