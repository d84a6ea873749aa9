"""Lists of cases: filtered, in either order, paged both ways, as a file, and alive (E8, B7)."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.regulation.rules import KINDS
from tests.browser import Browser, assigned, browsing, completed, html, text
from tests.builders import SUPERVISOR, Office, office

HERE = "/desk/riverside"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        made.sign_in("supervisor-1")
        yield made


def numbers(browser: Browser, address: str) -> list[str]:
    page = browser.get(address)
    assert page.status_code == 200, text(page)
    return re.findall(r'<tr data-number="([^"]+)"', html(page))


def looks(desk: Office) -> list[tuple[LookAt, str, int]]:
    assert desk.memory is not None
    return [(look.what, look.filter, look.count) for _, _, look in desk.memory.looks]


@pytest.mark.req("E8")
def test_each_filter_leaves_what_fits_and_stands_in_the_address(browser: Browser, desk: Office) -> None:
    lamp = assigned(desk, unit="5栋0302", name="李雷").number
    leak = desk.register(matter="seepage", kind="repair", unit="3-1201").case.number
    noise = completed(desk, matter="lighting_lock", unit="3-0501").number
    found = {
        "state=assigned": [lamp],
        "state=completed": [noise],
        "kind=repair&matter=seepage": [leak],
        "handler=engineering-1&state=assigned": [lamp],
        "building=5": [lamp],
        "building=三栋&state=completed": [noise],
        "department=engineering&kind=repair&state=registered": [leak],
        "overdue=1": [],
    }
    for query, expected in found.items():
        assert numbers(browser, f"{HERE}?list=community&{query}") == expected, query
    page = browser.get(f"{HERE}?list=community&state=assigned&building=5")
    assert '<option value="assigned" selected>' in html(page)
    assert 'name="building" value="5"' in html(page)
    assert "清除筛选" in text(page)
    assert browser.get(f"{HERE}?list=community&state=nothing").status_code == 400
    assert "没有符合筛选条件的工单" in text(browser.get(f"{HERE}?list=community&state=rejected"))
    assert looks(desk)[-1] == (LookAt.LIST, "scope=community&state=rejected", 0)
    browser.get(f"{HERE}?list=community&building=5")
    assert looks(desk)[-1][1] == "scope=community&building=…", "a building is part of who reported"


@pytest.mark.req("E8")
def test_a_building_is_asked_of_those_units_only_that_the_reader_sees(desk: Office) -> None:
    desk.register(unit="3-1201", kind="complaint", matter="neighbour", shielded=True)
    with browsing(desk) as browser:
        browser.sign_in("supervisor-1")
        assert numbers(browser, f"{HERE}?list=community&building=3") == []
        assert len(numbers(browser, f"{HERE}?list=community")) == 1


def test_the_register_begins_with_the_newest_and_is_paged_both_ways(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.web.list_page.LINES", 2)
    made = [desk.register().case.number for _ in range(5)][::-1]
    address, pages = f"{HERE}?list=register", []
    while address:
        page = browser.get(address)
        pages.append(re.findall(r'<tr data-number="([^"]+)"', html(page)))
        onward = re.search(r'rel="next" href="[./]*([^"]+)"', html(page))
        last, address = address, f"/{onward[1]}".replace("&amp;", "&") if onward else ""
    assert pages == [made[:2], made[2:4], made[4:]]
    for expected in (made[2:4], made[:2]):
        back = re.search(r'rel="prev" href="[./]*([^"]+)"', html(browser.get(last)))
        assert back is not None
        last = f"/{back[1]}".replace("&amp;", "&")
        assert numbers(browser, last) == expected
    assert 'rel="prev"' not in html(browser.get(last))
    assert numbers(browser, f"{HERE}?list=register&order=other")[0] == made[-1]


@pytest.mark.req("B7")
def test_a_row_says_who_and_how_long_is_left(browser: Browser, desk: Office) -> None:
    case = assigned(desk, unit="3-1201", name="王芳")
    row = text(browser.get(f"{HERE}?list=community"))
    assert "3-1201 王芳 139 0000 1234" in row
    assert "剩" in row
    desk.clock.advance(timedelta(minutes=65))
    assert "1小时5分前" in text(browser.get(f"{HERE}?list=community"))
    assert f'data-number="{case.number}"' in html(browser.get(f"{HERE}?list=community"))


@pytest.mark.req("B7")
def test_what_begins_a_line_begins_as_english_lines_do(browser: Browser, desk: Office) -> None:
    browser.language = "en"
    case = assigned(desk, matter="lighting_lock")
    browser.sign_in("supervisor-1")
    for page in (f"{HERE}?list=community", HERE, f"/desk/riverside/cases/{case.number}"):
        said = text(browser.get(page))
        assert ("Signature" in said, "signature Mon" in said, "signature:" in said) == (True, False, False)
    assert "<strong>Lamp, lock" in html(browser.get(f"{HERE}?list=community"))


@pytest.mark.req("E8")
def test_whoever_need_not_know_reads_masks_in_lists_too(desk: Office) -> None:
    assigned(desk, unit="3-1201", name="王芳")
    with browsing(desk) as browser:
        browser.sign_in("manager-1")
        row = text(browser.get(f"{HERE}?list=community"))
    assert "王**" in row
    assert "139****1234" in row
    assert not [said for said in ("王芳", "13900001234", "3-1201") if said in row]


@pytest.mark.req("E8")
def test_a_file_has_what_the_list_shows_and_works_nothing_out(browser: Browser, desk: Office) -> None:
    desk.register(name='=HYPERLINK("http://example.com")', text="@SUM(1) 灯坏了", unit="-3")
    answer = browser.get(f"{HERE}/export?list=community")
    body = answer.body.decode("utf-8")
    assert body.startswith("\ufeff")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, row = csv.reader(io.StringIO(body.removeprefix("\ufeff")))
    assert (head[0], row[0]) == ("编号", "202611-0001")
    said = dict(zip(head, row, strict=True))
    for name in ("登记时间", "截止时间"):  # as a spreadsheet sorts them
        assert re.fullmatch(r"2026-\d\d-\d\d \d\d:\d\d", said[name]), said
    assert said["时限类别"]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert looks(desk)[-1] == (LookAt.EXPORT, "scope=community", 1)


@pytest.mark.req("E8")
def test_a_file_that_is_cut_says_so(browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.web.list_export.MOST_ROWS", 1)
    desk.register()
    desk.register()
    assert "只列出前 1 条" in browser.get(f"{HERE}/export?list=register").body.decode("utf-8")


@pytest.mark.req("E8")
def test_a_list_that_did_not_change_is_304_and_no_look(browser: Browser, desk: Office) -> None:
    desk.register()
    page = browser.get(f"{HERE}?list=community")
    etag, before = page.headers["ETag"], len(looks(desk))
    assert f'data-etag="{etag}"'.replace('""', '"') in html(page).replace("&#34;", '"').replace('""', '"')

    def again(known: str) -> int:
        headers = {"Cookie": browser.cookie, "Accept-Language": "zh-CN", "If-None-Match": known}
        return int(browser.client.http.get(f"{HERE}?list=community", headers=headers).status_code)

    desk.clock.advance(timedelta(minutes=1))
    assert (again(etag), len(looks(desk))) == (304, before)
    desk.register(urgency="emergency")
    assert (again(etag), len(looks(desk))) == (200, before + 1)
    assert 'class="urgent"' in html(browser.get(f"{HERE}?list=community"))


@pytest.mark.req("E8")
def test_open_work_is_shown_by_age_unit_or_handler_paged_both_ways(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.web.list_page.LINES", 2)
    made = []
    for unit in ("3-1201", "3-201", "12-0101", "2-0101"):
        made.append(desk.register(unit=unit).case.number)
        desk.clock.advance(timedelta(hours=1))
    first, second, third, fourth = made
    desk.do(
        desk.desk.cases.get("riverside", third), "assign", SUPERVISOR, AssignForm("engineering-1", "值班")
    )
    expected = {
        "age": [first, second, third, fourth],
        "newest": [fourth, third, second, first],
        "unit": [fourth, second, first, third],
    }
    for order, all_of in expected.items():
        address = f"{HERE}?list=community&order={order}"
        assert numbers(browser, address) == all_of[:2], order
        assert numbers(browser, f"{address}&from=2") == all_of[2:], order
        page = html(browser.get(f"{address}&from=2"))
        assert f'value="{order}" selected' in page
        assert f"order={order}&amp;from=0" in page
        assert 'rel="next"' not in page
        rows = browser.get(f"{HERE}/export?list=community&order={order}").body.decode("utf-8")
        assert re.findall(r"\d{6}-\d{4}", rows) == all_of
    assert numbers(browser, f"{HERE}?list=community&order=handler")[0] == third
    assert len(numbers(browser, f"{HERE}?list=register&order=unit")) == 2, "the register has its own orders"


@pytest.mark.req("E8")
def test_units_that_the_reader_does_not_see_are_last_in_no_order(desk: Office) -> None:
    hidden = desk.register(unit="1-0101", kind="complaint", matter="neighbour", shielded=True).case.number
    seen = desk.register(unit="9-0101").case.number
    with browsing(desk) as browser:
        browser.sign_in("supervisor-1")
        assert numbers(browser, f"{HERE}?list=community&order=unit") == [seen, hidden]
        rows = html(browser.get(f"{HERE}?list=community"))
        assert "<bdi></bdi>" not in rows, "nothing stands before the name of whoever is hidden"


@pytest.mark.req("A9", "E8")
def test_what_waits_is_paged_both_ways_and_exported_with_what_is_asked(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.web.waiting_page.ITEMS", 2)
    for _ in range(5):
        desk.register(kind=None, matter=None, text="=1+1 路灯不亮")

    def items(address: str) -> list[str]:
        return re.findall(r'data-number="([^"]+)"', html(browser.get(address)))

    pages, address = [items(HERE)], HERE
    while onward := re.search(r'rel="next" href="[./]*([^"]+)"', html(browser.get(address))):
        address = f"/{onward[1]}".replace("&amp;", "&")
        pages.append(items(address))
    assert [len(page) for page in pages] == [2, 2, 1]
    for expected in pages[-2::-1]:
        back = re.search(r'rel="prev" href="[./]*([^"]+)"', html(browser.get(address)))
        assert back is not None
        address = f"/{back[1]}".replace("&amp;", "&")
        assert items(address) == expected
    assert 'rel="prev"' not in html(browser.get(address))
    body = browser.get(f"{HERE}/export?list=waiting").body.decode("utf-8").removeprefix("\ufeff")
    head, *rows = csv.reader(io.StringIO(body))
    assert head[-1] == "等您处理"
    assert [row[0] for row in rows] == [number for page in pages for number in page]
    assert all(row[-1] for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert looks(desk)[-1] == (LookAt.EXPORT, "scope=waiting", 5)


@pytest.mark.req("A9", "E8")
def test_what_waits_is_put_in_the_order_of_its_address(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.web.waiting_page.ITEMS", 2)
    made = []
    for kind in ("praise", "repair", "complaint"):
        made.append(desk.register(kind=kind, matter="other").case)
        desk.clock.advance(timedelta(minutes=1))
    lines = {case.number: desk.desk.cases.lines("riverside", [case.number])[case.number] for case in made}

    def items(order: str) -> list[str]:
        address, found = f"{HERE}?order={order}", list[str]()
        while True:
            page = html(browser.get(address))
            assert f'<option value="{order}" selected>' in page
            found += re.findall(r'data-number="([^"]+)"', page)
            onward = re.search(r'rel="next" href="[./]*([^"]+)"', page)
            if onward is None:
                return found
            address = f"/{onward[1]}".replace("&amp;", "&")

    oldest = items("age")
    assert oldest == sorted(lines)
    assert items("newest") == oldest[::-1]
    assert items("other") == sorted(oldest, key=lambda number: lines[number].due_at, reverse=True)
    kinds = [lines[number].kind for number in items("kind")]
    assert kinds == sorted(kinds, key=KINDS.index)
    exported = browser.get(f"{HERE}/export?list=waiting&order=newest").body.decode("utf-8")
    assert [row.partition(",")[0] for row in exported.splitlines()[1:]] == oldest[::-1]
