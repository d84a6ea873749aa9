"""Bodies and cookies on their whole way: the local address, the embedded gateway, the function."""

import json
import urllib.error
import urllib.request

import pytest

from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report_form

CASES = "/v1/communities/cuiyuan/cases"


def send(desk: RunningDesk, body: bytes, kind: str) -> tuple[int, str]:
    """Status of a report, and its tracking link or what is wrong with it."""
    request = urllib.request.Request(desk.base_url + CASES, body, {"Content-Type": kind})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read())["tracking_url"]
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())["Code"]


@pytest.mark.req("A3")
def test_a_body_is_read_in_the_charset_that_it_declares(desk: RunningDesk) -> None:
    body = json.dumps(report_form(text="厨房漏水", name="孙女士"), ensure_ascii=False).encode("gbk")
    status, link = send(desk, body, "application/json; charset=gbk")
    assert status == 201
    seen = ask(desk, "GET", "/v1/links/" + link.rpartition("/")[2])[1]
    assert seen["text"] == "厨房漏水"
    assert send(desk, body, "application/json") == (415, "UnsupportedMediaType")


@pytest.mark.req("E8")
@pytest.mark.parametrize("other", ['{"a": "b c"}', "公告=已 读"])
def test_no_other_cookie_hides_ours(desk: RunningDesk, other: str) -> None:
    cookie = f"{other}; lang=en".encode().decode("latin-1")
    request = urllib.request.Request(desk.base_url + "/", headers={"Cookie": cookie})  # noqa: S310
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        assert '<html lang="en">' in answer.read().decode()
