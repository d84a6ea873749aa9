"""The house: which room may know which, how large a room may be, and who names concrete adapters."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib.domain.simplified import PAIRS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chalicelib"
LONGEST_MODULE, LONGEST_APP = 250, 80

MAY_KNOW = {
    "domain": {"domain"},
    "services": {"services", "domain"},
    "adapters": {"adapters", "services", "domain"},
    "http": {"http", "services", "domain"},
    "api": {"api", "http", "services", "domain"},
    "channels": {"channels", "http", "services", "domain"},
    "web": {"web", "http", "services", "domain"},
    "tasks": {"tasks", "services", "domain"},
}
"""app → api / channels / web / tasks → http → services → domain ← adapters; no two entries know another."""
OPEN_TO_ALL = {"settings", "log", "version"}
ENTRANCES = {"http", "api", "channels", "web", "tasks"}
"""The rooms that ask wiring.py for their parts."""
PORTS = {
    "account_port",
    "directory_port",
    "file_port",
    "household_port",
    "identity_port",
    "incident_port",
    "link_port",
    "ports",
    "providers",
    "errors",
    "records",
    "serials",
    "staff_port",
}
"""What an adapter may know of the services: the ports, and what goes through them."""

GROUND = {
    "errors": set(),
    "catalogue": set(),
    "days": set(),
    "texts": {"errors"},
    "marks": set(),
    "simplified": set(),
    "wording": {"errors"},
    "money": {"errors"},
    "book": {"errors", "texts"},
    "content": {"errors"},
    "community": {"errors", "days", "texts", "wording", "simplified"},
    "regulation": {"errors", "community"},
    "deadlines": {"errors", "catalogue", "days", "community", "regulation"},
}
HALL = {"case": set(GROUND)}
BELOW_THE_STAGES = {*GROUND, *HALL}
STAGES = {
    "dispatch": BELOW_THE_STAGES,
    "follow_up": {*BELOW_THE_STAGES, "dispatch"},
    "work": {*BELOW_THE_STAGES, "dispatch", "follow_up"},
    "intake": {*BELOW_THE_STAGES, "dispatch", "follow_up"},
}
"""Completing draws the revisit's lot, and so does solving on the spot: work and intake know the follow-up."""
READERS = {
    "notices": {*BELOW_THE_STAGES, *STAGES},
    "figures": {*BELOW_THE_STAGES, *STAGES},
}
EVERYTHING_BELOW = {*BELOW_THE_STAGES, *STAGES}
TOP = {
    "timers": EVERYTHING_BELOW,
    "transition": {"errors", "community", "case"},
    "order_rows": {*EVERYTHING_BELOW, "transition"},
    "privacy_rows": {*EVERYTHING_BELOW, "transition"},
    "lifecycle": {*EVERYTHING_BELOW, "timers", "transition", "order_rows", "privacy_rows"},
    "possible": {*EVERYTHING_BELOW, "transition", "lifecycle"},
    "decide": {*EVERYTHING_BELOW, "timers", "transition", "lifecycle", "possible"},
    "whom": {"case", "community"},
    "when": {"case", "dispatch", "work"},
    "waiting": {*EVERYTHING_BELOW, "possible", "whom", "when"},
}
WINGS_OF_THE_DOMAIN = {**GROUND, **HALL, **STAGES, **READERS, **TOP}
"""Wing or module of the domain → what it may know: from the ground up, and no two know each other."""

SERVICES_HALL = {
    "errors": set(),
    "records": set(),
    "serials": set(),
    "account_port": set(),
    "link_port": {"records"},
    "file_port": set(),
    "household_port": set(),
    "directory_port": set(),
    "identity_port": {"records"},
    "staff_port": {"records"},
    "incident_port": {"records"},
    "ports": {"records", "serials", "incident_port"},
    "providers": {"records"},
    "case_line": {"records"},
    "paging": {"records", "ports"},
    "leading": {"records", "link_port", "incident_port", "ports", "providers"},
    "desk": {
        "errors",
        "records",
        "directory_port",
        "file_port",
        "household_port",
        "link_port",
        "ports",
        "providers",
        "case_line",
        "leading",
    },
    "proof": {"desk"},
    "day_link": {"desk"},
    "proof_codes": {"desk"},
    "search": {"desk"},
    "accounts": {"account_port", "desk"},
}
WINGS_OF_THE_SERVICES = {
    **SERVICES_HALL,
    "access": {*SERVICES_HALL},
    "files": {*SERVICES_HALL, "access"},
    "households": {*SERVICES_HALL, "access"},
    "intake": {*SERVICES_HALL, "access", "files", "households"},
    "findings": {*SERVICES_HALL, "access"},
    "book": {*SERVICES_HALL},
    "views": {*SERVICES_HALL, "access", "findings", "households"},
    "notices": {*SERVICES_HALL, "views"},
    "duty": {*SERVICES_HALL, "files", "notices", "views"},
    "gate": {*SERVICES_HALL, "notices"},
    "calendar": {*SERVICES_HALL, "access"},
    "dispatch": {*SERVICES_HALL, "access"},
    "figures": {*SERVICES_HALL, "access", "households"},
    "privacy": {*SERVICES_HALL, "access", "files", "findings", "households", "views"},
    "people": {*SERVICES_HALL, "access", "dispatch", "duty", "notices"},
    "community_settings": {*SERVICES_HALL, "people", "calendar", "duty", "households"},
    "warranty": {*SERVICES_HALL},
    "workflows": {*SERVICES_HALL, "files", "intake", "notices", "duty", "calendar", "warranty", "households"},
}
"""The same for the services: a hall of ports and the desk, and wings with the words of the domain."""
WINGS = {"domain": WINGS_OF_THE_DOMAIN, "services": WINGS_OF_THE_SERVICES}


def modules() -> list[Path]:
    return [*sorted(PACKAGE.rglob("*.py")), ROOT / "app.py"]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file; `from package import module` gives both."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{dotted(path)} imports relatively; write the whole name"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(name: str) -> str:
    """`chalicelib.domain.case` → `domain`; a module right in the package is a room of its own."""
    return name.split(".")[1]


def own_imports(path: Path) -> Iterator[str]:
    return (name for name in imported(path) if name.startswith("chalicelib."))


def allowed(own: str, name: str) -> bool:
    """Whether a module in the room `own` may import `name`."""
    room = room_of(name)
    if own == "app":
        return room in ENTRANCES | OPEN_TO_ALL
    if own == "wiring":
        return True
    if own == "adapters" and room == "services":
        return name.split(".")[2] in PORTS
    if own == "domain":
        return room == "domain"
    return room in MAY_KNOW.get(own, set()) | OPEN_TO_ALL or (own in ENTRANCES and room == "wiring")


def unwanted(path: Path) -> list[str]:
    """The imports that the arrows do not allow this file."""
    own = room_of(dotted(path)) if path.is_relative_to(PACKAGE) else "app"
    return [name for name in own_imports(path) if not allowed(own, name)]


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_the_arrows_point_inwards(path: Path) -> None:
    assert unwanted(path) == []


def wings_unwanted(path: Path) -> list[str]:
    """The imports of a file of the domain or the services that its wing may not know."""
    _, *inside = dotted(path).split(".")
    room = inside.pop(0) if inside else ""
    if room not in WINGS:
        return []
    may = WINGS[room].get(inside[0], set()) | {inside[0]}
    names = (name for name in own_imports(path) if room_of(name) == room)
    return [name for name in names if name.split(".")[2] not in may]


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_each_wing_knows_only_what_it_stands_on(path: Path) -> None:
    assert wings_unwanted(path) == []


@pytest.mark.parametrize("room", WINGS)
def test_no_wing_is_forgotten_and_no_two_know_each_other(room: str) -> None:
    """Every folder and module has its row, and stands on those named before it: so there is no circle."""
    there = {path.stem for path in (PACKAGE / room).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert there - {"__init__", "__pycache__"} == set(WINGS[room])
    before: set[str] = set()
    for wing, known in WINGS[room].items():
        assert known <= before, f"{wing} stands on {known - before}, which comes after it"
        before.add(wing)


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=dotted)
def test_the_domain_knows_only_the_standard_library_and_its_values(path: Path) -> None:
    """msgspec makes its value objects and reaches nothing (docs/decisions.md)."""
    foreign = {
        name
        for name in imported(path)
        if name.split(".")[0] not in {*sys.stdlib_module_names, "msgspec"}
        and not name.startswith("chalicelib.domain.")
    }
    assert foreign == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=dotted)
def test_values_are_structs(path: Path) -> None:
    """Two hundred dataclasses took more than half of a cold start (docs/decisions.md)."""
    assert not [name for name in imported(path) if name.split(".")[0] == "dataclasses"]


READS_OR_WRITES = {
    "asyncio", "glob", "http", "importlib", "io", "os", "pathlib", "shutil", "socket", "sqlite3", "ssl",
    "subprocess", "tempfile", "tomllib", "urllib",
}  # fmt: skip
"""Parts of the standard library that reach out of the process."""


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=dotted)
def test_the_domain_reads_no_file(path: Path) -> None:
    reached = {name.split(".")[0] for name in imported(path)} & READS_OR_WRITES
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert reached | (called & {"open", "print", "input"}) == set()


OF_PEOPLE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese: as good as always meant for people."""
LANGUAGE_TAG = re.compile(r"en|zh(-[A-Za-z]+)?")
CHINESE_ALL_THE_SAME = {
    "chalicelib.domain.intake.masking": {
        r"(?:[\s\-‐-―_/.,、#]|",
        "(?:先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大姐|奶奶|爷爷|老师|师傅|某某?|家)",
        r"[室号户房家號]",
        r"[老小]?",
        r"\s*[楼层樓層]\s*的?0?",
        r"(?<!\d[\-‐-―_/栋幢座棟號号])",
        "[1一幺]",
    },  # how people write
    "chalicelib.domain.community.units": {
        "零一二三四五六七八九",
        "零〇一二两三四五六七八九十",
        "〇",
        "两",
        "十",
        "楼",
        "]{1,4})(?=[号栋幢座楼期层门室]|单元)",
        r"第?(?<!\d)0*(\d{1,2}) ?(?:([楼层])|/?f\b|(?:st|nd|rd|th)? ?floor\b)|\bfloor ?0*(\d{1,2})(?!\d)",
        (
            r"号楼|单元|[栋幢座楼号室房层]|(?<=\d)门|第(?=\d)"
            r"|(?<![a-z])(?:building|bldg|block|blk|entrance|unit|room|rm|flat|apartment|apt|floor|no)(?![a-z])"
        ),
    },  # what people write between the digits of a unit: read, never said
    "chalicelib.domain.intake.search_places": {
        "栋",
        "楼",
        "室",
        (
            r"(?P<building>(?:号楼|[栋幢座])$|^(?:building|bldg|block|blk)\W*\w+$)|(?P<floor>[楼层]$)"
            r"|(?P<entrance>(?:单元|(?<=\d)门)$)|(?P<room>[室房]$|^(?:room|rm|flat|apt)\W*\w+$)|(?P<number>号$)"
        ),
        "])第?(?:(?:",
        "(?:号楼|[栋幢座])(?:",
        "(?:单元|门))?(?:",
        "[楼层])?(?:",
        r"\d{3,4}(?!\d)[室号]?)?|",
        r"[楼层]|\d{3,4}[室房号])",
    },  # the same in a query and in the words of a report
    "chalicelib.domain.intake.search_terms": {
        r"^(?:no\.?|#|编号|单号|工单号?|案件?号?)[\s:#]*(?=20\d{4})",
    },  # what people write before a number
    "chalicelib.domain.simplified": {PAIRS},
    "chalicelib.domain.wording": {
        "的了啊呀哦呢吧 ",
        r"[,.;:!?\n，。；：！？、…—()（）]+",
        r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|《[^》]*》|\"[^\"]*\"",
    },  # marks and particles, by which a text that people wrote is read
    "chalicelib.domain.notices.templates": {
        "【】[]［］〖〗〔〕",
        "：",
    },  # what makes a sender's name in an SMS, taken out; what stands in a link's place, so that it is none
}
"""Module → what stands in its code and is no word that anybody reads."""


def words_of_people(path: Path) -> set[str]:
    """What stands in the code of a file (docstrings apart) and belongs into a catalogue: Chinese, and the
    languages that a table of words has as its keys.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said_aside = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    texts = {node.value for node in constants if isinstance(node.value, str) and id(node) not in said_aside}
    tables = (node for node in ast.walk(tree) if isinstance(node, ast.Dict))
    keys = {key.value for table in tables for key in table.keys if isinstance(key, ast.Constant)}
    found = {text for text in texts if OF_PEOPLE.search(text)}
    return found | {key for key in keys if isinstance(key, str) and LANGUAGE_TAG.fullmatch(key)}


@pytest.mark.parametrize(
    "path", sorted(path for room in WINGS for path in (PACKAGE / room).rglob("*.py")), ids=dotted
)
def test_the_words_of_people_stand_in_the_catalogues(path: Path) -> None:
    assert words_of_people(path) == CHINESE_ALL_THE_SAME.get(dotted(path), set())


@pytest.mark.parametrize(
    "line", ['NEXT = "已登记"', "def f(n):\n    return f'共{n}件'", 'NAMES = {"en": "handler"}']
)
def test_a_word_in_the_code_is_seen(line: str, tmp_path: Path) -> None:
    path = tmp_path / "probe.py"
    path.write_text(f'"""已登记 is said in the docstring."""\n{line}\n', encoding="utf-8")
    assert len(words_of_people(path)) >= 1


def test_only_the_wiring_names_adapters() -> None:
    naming = {
        dotted(path) for path in modules() if any(room_of(name) == "adapters" for name in own_imports(path))
    }
    assert {name for name in naming if not name.startswith("chalicelib.adapters.")} == {"chalicelib.wiring"}


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_a_module_can_be_read_in_one_go(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_APP - 1 if path.name == "app.py" else LONGEST_MODULE)


def test_no_test_module_is_imported() -> None:
    """What several tests build stands in a module of its own under tests/."""
    importing = {
        (dotted(path), name)
        for folder in ("tests", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in imported(path)
        if any(part.startswith("test_") for part in name.split("."))
    }
    assert importing == set()


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "fakes").glob("*.py")), ids=dotted)
def test_a_stand_in_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Writes a module of one line into a house of its own."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "chalicelib")

    def written(module: str, line: str) -> Path:
        path = tmp_path / module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line)
        return path

    return written


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("chalicelib/domain/probe.py", "from chalicelib.services.desk import Desk"),
        ("chalicelib/domain/probe.py", "from chalicelib.settings import settings"),
        ("chalicelib/services/probe.py", "def f():\n    from chalicelib.adapters import mail"),
        ("chalicelib/services/probe.py", "import chalicelib.wiring"),
        ("chalicelib/adapters/probe.py", "from chalicelib.services.desk import Desk"),
        ("chalicelib/web/probe.py", "from chalicelib.tasks import relay"),
        ("chalicelib/web/probe.py", "from chalicelib.api.cases import listed"),
        ("chalicelib/http/probe.py", "from chalicelib.api import cases"),
        ("app.py", "from chalicelib.services.desk import Desk"),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, line: str, probe: Callable[[str, str], Path]) -> None:
    """The walker itself finds each kind of wrong arrow, also inside a function."""
    assert len(unwanted(probe(module, line))) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("chalicelib/domain/community/probe.py", "from chalicelib.domain.case.case import Case"),
        ("chalicelib/domain/regulation/probe.py", "from chalicelib.domain.deadlines import wording"),
        ("chalicelib/domain/dispatch/probe.py", "from chalicelib.domain.follow_up.survey import rate"),
        ("chalicelib/domain/case/probe.py", "def f():\n    from chalicelib.domain import timers"),
        ("chalicelib/domain/notices/probe.py", "import chalicelib.domain.lifecycle"),
        ("chalicelib/services/desk.py", "from chalicelib.services.views import lists"),
    ],
)
def test_a_wing_that_knows_too_much_is_seen(
    module: str, line: str, probe: Callable[[str, str], Path]
) -> None:
    assert len(wings_unwanted(probe(module, line))) == 1
