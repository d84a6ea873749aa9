"""The form of a report, and the event that the domain makes of it (A1-A5, A10): no store, no number."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import fields, replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.new_case import NewCase, check_stranger
from chalicelib.domain.intake.registration import numbered, register
from tests.builders import AGENT, MONDAY, new_case, regulations
from tests.stories import context

ELSEWHERE = {
    "name": "resident_name",
    "recording": "recordings",
    "solved_with": "result",
    "about_staff": "about",
}
"""What has another name in the event, or stands in another event."""

EVERYTHING = NewCase(
    call="CA77",
    recording="s3://calls/CA77.wav",
    text="保安态度不好",
    unit="3-1201",
    name="王芳",
    phone="+8613900001234",
    email="wang@example.com",
    channel=ev.Channel.HOTLINE_OPERATOR,
    kind="complaint",
    matter="staff_attitude",
    urgency="urgent",
    severity="serious",
    complexity="complex",
    nature="venting",
    care=True,
    care_by="王丽",
    care_on=MONDAY.date() - timedelta(days=1),
    contacted_at=MONDAY - timedelta(minutes=5),
    against="保安",
    course_of_events="早上进门时争吵。",
    witnesses="李先生",
    evidence=("photo-1", "photo-2"),
    follows="202610-0007",
    solved_with="当面道歉。",
    may_be_named=True,
    about_staff="security-1",
    about_person="夜班那位",
    shielded=True,
    another=True,
    files=(f"riverside/{'0' * 32}/{'1' * 16}",),
    in_writing=True,
)

STORED_BEFORE = (
    '{"report":{"text":"灯不亮了","unit":"3-1201","resident_name":"王芳","phone":"+8613900001234",'
    '"channel":"web","taken_by":"resident","contacted_at":"2026-11-23T01:00:00Z","email":null,"against":null,'
    '"course_of_events":null,"witnesses":null,"evidence":["photo-1"],"follows":null},'
    '"classification":{"kind":"complaint","matter":"other","category":"other","department":"desk",'
    '"urgency":"normal","severity":"general","complexity":"general","care":false,"nature":"valid"},'
    '"regulation":"default","regulation_version":"1","zone":"Asia/Shanghai","deadlines":[]}'
)
"""A registration as 0f1335d stored it, without its deadlines."""


@pytest.mark.req("A3")
def test_every_field_of_the_form_is_in_the_events() -> None:
    registered = register(EVERYTHING, AGENT, MONDAY, context())
    _, completed = numbered(EVERYTHING, registered, AGENT, "202611-0001", MONDAY, context())
    kept = {
        **msgspec.to_builtins(completed),
        **msgspec.to_builtins(registered.classification),
        **{entry.name: getattr(registered.report, entry.name) for entry in fields(ev.Report)},
    }
    for entry in fields(NewCase):
        if entry.name in {"another", "unfinished", "language"}:
            continue  # two of the desk alone, and what the service puts to the report
        said = getattr(EVERYTHING, entry.name)
        said = (said,) if entry.name in {"about_staff", "recording"} else said
        assert said not in (None, False, ()), f"{entry.name} is left out of this test"
        assert kept[ELSEWHERE.get(entry.name, entry.name)] == said, entry.name


VERSION_1 = regulations().get("default", 1)


def test_a_registration_is_stored_as_before() -> None:
    new = new_case(text="灯不亮了", evidence=("photo-1",))
    registered = replace(register(new, RESIDENT, MONDAY, context(regulation=VERSION_1)), deadlines=())
    new_fields = (
        '"left_out":[],"may_be_named":false,"about":[],"about_person":null,"sent_from":null,"shielded":false'
        ',"call":null,"recordings":[],"unfinished":false,"language":"","files":[],"in_writing":false,"care_by":null,"care_on":null'
    )
    since = STORED_BEFORE.replace('"follows":null', f'"follows":null,{new_fields}')
    since = since.replace('"deadlines":[]', '"deadlines":[],"proposal":null,"offered":null')
    assert msgspec.json.encode(registered).decode() == since
    assert msgspec.json.decode(STORED_BEFORE, type=ev.Registered) == registered


@pytest.mark.req("A10")
def test_only_what_was_solved_at_once_has_a_second_event() -> None:
    new = replace(EVERYTHING, solved_with=None)
    registered = register(new, AGENT, MONDAY, context())
    assert numbered(new, registered, AGENT, "202611-0001", MONDAY, context()) == (registered,)


@pytest.mark.req("A3")
def test_what_is_left_blank_is_left_out() -> None:
    new = new_case(email="  ", witnesses="\n", text=" the lamp \n")
    assert (new.email, new.witnesses, new.text) == (None, None, "the lamp")
    for name in ("text", "unit", "name"):
        assert getattr(new_case(**{name: " "}), name) is None
        with pytest.raises(InvalidInputError, match=f"'{name}' is missing"):
            check_stranger(new_case(**{name: " "}))


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused_and_line_breaks_and_signs_are_not(character: str) -> None:
    with pytest.raises(InvalidInputError, match="control characters"):
        new_case(text=f"a{character}b")
    assert new_case(text="a\tb\r\nc\u200d\U0001f525").text == "a\tb\r\nc\u200d\U0001f525"


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"channel": ev.Channel.WALK_IN}, "'channel' is one of: web, wechat, app"),
        ({"urgency": "emergency"}, "'urgency' is for the desk to say"),
        ({"solved_with": "x"}, "'solved_with' is for the desk to say"),
        ({"phone": None}, "Give 'phone' or 'email'"),
    ],
)
def test_what_a_stranger_cannot_report(changes: dict[str, object], said: str) -> None:
    check_stranger(new_case())
    with pytest.raises(InvalidInputError, match=said):
        check_stranger(new_case(**changes))
