"""What others read says nothing of who reported the case (A16, E8)."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.intake.masking import masked
from tests.stories import Story

REPORT = replace(
    Story().register().case.report,
    unit="9-9-909",
    resident_name="李秘密",
    phone="+8613911112222",
    email="limimi@example.com",
)
SECRETS = ("909", "九零九", "九〇九", "楼09", "李", "秘密", "1111", "2222", "limimi")


@pytest.mark.req("A16", "E8")
@pytest.mark.parametrize(
    "text",
    [
        "已到9-9-909李秘密家，电话13911112222修好",
        "９－９－９０９ 李 秘密，139 1111 2222",
        "9栋909室李先生，+86 139-1111-2222",
        "9号楼9单元909号，小李家；邮件LiMiMi@Example.com",
        "到909室，李女士不在，(+86)13911112222",
        "909 的住户不在家",
        "我住909，找李师傅",
        "9楼09漏水，九零九的",
        "九〇九室门口，9-909门口，9单元909门口",
    ],
)
def test_who_reported_it_is_taken_out_however_it_is_written(text: str) -> None:
    hidden = masked(text, REPORT)
    assert "…" in hidden
    assert not [secret for secret in SECRETS if secret in hidden], hidden


@pytest.mark.req("A16")
@pytest.mark.parametrize(
    "text", ["更换总阀，全楼恢复供水。", "19-909以外的9台水泵，2026年11月修好", "电话４００"]
)
def test_what_says_nothing_of_them_stays_as_it_was_written(text: str) -> None:
    assert masked(text, REPORT) == text


@pytest.mark.req("A16")
def test_a_report_with_little_in_it_hides_little() -> None:
    bare = replace(REPORT, unit="3", phone=None, email=None, resident_name="An")
    assert masked("Answered 3 times by An", bare) == "Answered 3 times by …"
    assert masked("总机62340000转801", replace(bare, phone="+862162340000;ext=801")) == "总机…"
