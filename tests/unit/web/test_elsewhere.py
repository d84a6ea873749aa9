"""Where there is no route: a page in the reader's language with a way home, or JSON for the API."""

from typing import Any

import pytest

from app import app
from chalicelib.http.bodies import FORM
from chalicelib.web import error_pages, kept
from tests.browser import browsing
from tests.builders import Office


def asked(
    path: str, method: str = "GET", resource: str = "/{proxy+}", body: str | None = None, **headers: str
) -> dict[str, Any]:
    """What API Gateway sends the application, and what that answers."""
    event = {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": {"accept": "text/html", **headers},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.strip("/"), "community": "riverside"},
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "path": f"/desk{path}"},
        "body": body,
        "isBase64Encoded": False,
    }
    answer: dict[str, Any] = app(event, None)
    return answer


@pytest.mark.req("G10")
@pytest.mark.parametrize(
    ("path", "root"),
    [("/nothing", "./"), ("/desk/riverside/cases/1/2/3", "../../../../../"), ("/a/b/", "../../")],
)
@pytest.mark.parametrize(
    ("language", "home", "to_the_desk"),
    [("zh-CN", "回到首页", "到工作台"), ("en", "To the home page", "To the desk")],
)
def test_an_unknown_address_is_a_page_with_a_way_home(
    desk: Office, path: str, root: str, language: str, home: str, to_the_desk: str
) -> None:
    with browsing(desk):
        answer = asked(path, **{"accept-language": language})
    assert answer["statusCode"] == 404
    kind = answer.get("headers", {}).get("Content-Type") or answer["multiValueHeaders"]["Content-Type"][0]
    assert kind.startswith("text/html")
    on = f'href="{root}desk">{to_the_desk}</a>' if path.startswith("/desk") else f'href="{root}">{home}</a>'
    assert on in answer["body"]


@pytest.mark.parametrize(
    ("path", "method", "status", "code", "allowed"),
    [
        ("/v1/nothing", "GET", 404, "NotFound", None),
        ("/v1", "GET", 404, "NotFound", None),
        ("/v1/communities/riverside/cases", "DELETE", 405, "MethodNotAllowed", "GET, POST"),
        ("/v1/health", "POST", 405, "MethodNotAllowed", "GET"),
    ],
)
def test_the_api_says_it_in_its_own_shape(
    desk: Office, path: str, method: str, status: int, code: str, allowed: str | None
) -> None:
    with browsing(desk):
        answer = asked(path, method)
    assert answer["statusCode"] == status
    assert f'"Code":"{code}"' in answer["body"]
    assert answer["headers"].get("Allow") == allowed


@pytest.mark.parametrize(
    ("path", "method", "resource"),
    [("/desk/sign-out", "GET", "/{proxy+}"), ("/c/riverside", "PUT", "/{proxy+}"), ("/", "POST", "/")],
)
def test_a_page_that_cannot_be_opened_so_says_that(
    desk: Office, path: str, method: str, resource: str
) -> None:
    with browsing(desk):
        answer = asked(path, method, resource)
    assert answer["statusCode"] == 405
    assert "请从首页进入" in answer["body"]


def test_a_form_of_another_type_is_refused_on_a_page(desk: Office) -> None:
    with browsing(desk):
        event = asked("/c/riverside", "POST", "/c/{community}", **{"content-type": "text/plain"})
    assert event["statusCode"] == 415
    assert "<html" in event["body"]


@pytest.mark.req("G10")
@pytest.mark.parametrize("path", ["/foo/{x}", "/{", "/desk/{0}", "/c/cuiyuan/{", "/c/{community}", "/}{a.b}"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_braces_in_a_path_are_nothing_to_fill_in(desk: Office, path: str, method: str) -> None:
    with browsing(desk):
        answer = asked(path, method, **{"content-type": FORM}, body="text=%E6%BC%8F%E6%B0%B4")
        api = asked(f"/v1{path}", method)
    assert answer["statusCode"] in {404, 405}
    assert "<html" in answer["body"]
    assert (api["statusCode"], '"Code":"NotFound"' in api["body"]) == (404, True)


@pytest.mark.parametrize("path", ["/nothing", "/c/riverside"])
def test_a_page_of_a_refusal_that_fails_is_a_page_without_the_form(
    desk: Office, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(kept, "guessed_fields", None)
    with browsing(desk):
        resource = "/{proxy+}" if path == "/nothing" else "/c/{community}"
        answer = asked(path, "POST", resource, **{"content-type": FORM}, body="text=%FF")
    assert answer["statusCode"] == 500
    assert "<html" in answer["body"]


def test_where_no_page_can_be_made_the_fault_is_said_as_json(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_pages, "page", None)
    with browsing(desk):
        answer = asked("/nothing")
    assert (answer["statusCode"], '"Code":"InternalError"' in answer["body"]) == (500, True)


@pytest.mark.parametrize(
    ("path", "resource", "status"),
    [
        ("/v1/health", "/{proxy+}", 200),
        ("/v1/health", "/v1/health", 200),
        ("/", "/", 200),
        ("/c/riverside", "/c/{community}", 200),
        ("/desk/riverside/new", "/{proxy+}", 401),
        ("/c/nowhere", "/{proxy+}", 404),
        ("/desk/sign-out", "/{proxy+}", 405),
        ("/nothing", "/{proxy+}", 404),
    ],
)
def test_head_is_answered_as_get_without_the_body(
    desk: Office, path: str, resource: str, status: int
) -> None:
    with browsing(desk):
        answer = asked(path, "HEAD", resource)
        seen = asked(path, "GET", resource)
    if status in {200, 401} and "proxy" not in resource:
        assert answer["headers"] == seen["headers"]
    assert answer["statusCode"] == status
    assert answer["body"] == "" or path in {"/nothing", "/desk/sign-out"}
