"""The house: which room may know which, how large a room may be, and who names concrete adapters."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chalicelib"
LONGEST_MODULE, LONGEST_APP = 250, 80

MAY_KNOW = {
    "domain": {"domain"},
    "services": {"services", "domain"},
    "adapters": {"adapters", "services", "domain"},
    "api": {"api", "services", "domain"},
    "web": {"web", "api", "services", "domain"},
    "tasks": {"tasks", "services", "domain"},
}
"""app → api / web / tasks → services → domain ← adapters. The pages stand on the routes of the API."""
OPEN_TO_ALL = {"settings", "log"}
ENTRANCES = {"api", "web", "tasks"}
"""The rooms that ask wiring.py for their parts."""
PORTS = {"ports", "errors", "case_line", "records"}
"""What an adapter may know of the services: the ports, and what goes through them."""


def modules() -> list[Path]:
    return [*sorted(PACKAGE.rglob("*.py")), ROOT / "app.py"]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file; `from package import module` gives both."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{dotted(path)} imports relatively; write the whole name"
            yield from (f"{node.module}.{one.name}" for one in node.names)


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


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=dotted)
def test_the_domain_knows_only_the_standard_library(path: Path) -> None:
    foreign = {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("chalicelib.domain.")
    }
    assert foreign == set()


def test_only_the_wiring_names_adapters() -> None:
    naming = {
        dotted(path) for path in modules() if any(room_of(name) == "adapters" for name in own_imports(path))
    }
    assert {name for name in naming if not name.startswith("chalicelib.adapters.")} == {"chalicelib.wiring"}


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_a_module_can_be_read_in_one_go(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_APP - 1 if path.name == "app.py" else LONGEST_MODULE)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("chalicelib/domain/probe.py", "from chalicelib.services.desk import Desk"),
        ("chalicelib/domain/probe.py", "from chalicelib.settings import settings"),
        ("chalicelib/services/probe.py", "def f():\n    from chalicelib.adapters import mail"),
        ("chalicelib/services/probe.py", "import chalicelib.wiring"),
        ("chalicelib/adapters/probe.py", "from chalicelib.services.desk import Desk"),
        ("chalicelib/web/probe.py", "from chalicelib.tasks import relay"),
        ("app.py", "from chalicelib.services.desk import Desk"),
    ],
)
def test_a_wrong_arrow_is_seen(
    module: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walker itself finds each kind of wrong arrow, also inside a function."""
    path = tmp_path / module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "chalicelib")
    assert len(unwanted(path)) == 1
