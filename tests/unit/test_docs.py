"""What README and docs say of the checkout is so: paths, commands to type, names in the code, made pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import lifecycle_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
STANDS_IN = ("", "chalicelib", "chalicelib/domain", "chalicelib/regulations", "docs")
"""What a path in a page may be meant from: the whole is named where it could be taken for another."""
ELSEWHERE = {
    "design.md": "the team's own, not in this repository",
    "S1@1.toml": "an example of a name; there is no second version of S1 yet",
    ".local/desk.json": "made by `make run`",
}
QUOTED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\(([^)#\s]+)")
IN_PLAIN_TEXT = re.compile(r"(?<![\w/.`])(?:chalicelib|infra|tests|bench|docs|\.chalice)/[\w./@-]*")
PATH = re.compile(r"[\w@./-]+/|[\w@./-]*\w\.(?:py|toml|json|md|yaml|html|css|ini|txt)")
SYMBOL = re.compile(r"([\w/]+\.py): (\w+)")
MODULE = re.compile(r"python -m ([\w.]+)(?: ([a-z][\w-]*))?")


def paths_in(text: str) -> Iterator[str]:
    """Every path that a page names: in quotes, as the target of a link, or plainly from the top."""
    quoted = QUOTED.findall(text)
    yield from (text for text in quoted if PATH.fullmatch(text))
    yield from (match[1] for text in quoted if (match := SYMBOL.fullmatch(text)))
    yield from (match for match in LINKED.findall(text) if "://" not in match)
    yield from (match.rstrip(".") for match in IN_PLAIN_TEXT.findall(text))


def unknown_paths(text: str) -> set[str]:
    return {
        path
        for path in paths_in(text)
        if path not in ELSEWHERE and not any((ROOT / folder / path).exists() for folder in STANDS_IN)
    }


def test_the_map_of_the_documents_leads_to_each() -> None:
    linked = LINKED.findall((ROOT / "docs" / "README.md").read_text("utf-8"))
    leads_to = {(ROOT / "docs" / link).resolve() for link in linked} | {ROOT / "docs" / "README.md"}
    assert leads_to == set(PAGES)
    assert "docs/README.md" in LINKED.findall((ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_every_path_that_is_named_exists(page: Path) -> None:
    assert unknown_paths(page.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "see `domain/gone.py`",
        "see `gone.toml`",
        "the texts in `chalicelib/gone/`",
        "[this](docs/gone.md)",
        "    chalicelib/gone/       what was there",
        "`domain/gone.py: pending` works it out",
    ],
)
def test_a_path_that_does_not_exist_is_seen(text: str) -> None:
    assert len(unknown_paths(text)) == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_every_command_to_type_can_be_typed(page: Path) -> None:
    text = page.read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    typed = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.MULTILINE))
    assert typed <= targets
    for module, argument in MODULE.findall(text):
        file = ROOT / f"{module.replace('.', '/')}.py"
        package = ROOT / module.replace(".", "/") / "__main__.py"
        assert file.exists() or package.exists(), module
        assert not argument or f'"{argument}"' in package.read_text("utf-8"), f"{module} has no {argument}"


def test_the_patterns_name_what_stands_in_the_code() -> None:
    """Names of classes, constants and private functions are where the page says, or somewhere in the code."""
    text = (ROOT / "docs" / "patterns.md").read_text("utf-8")
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    names = {match for match in QUOTED.findall(text) if re.fullmatch(r"_?[A-Z]\w+|_\w+", match)}
    assert len(names) > 5
    assert {name for name in names if not re.search(rf"\b{name}\b", code)} == set()
    placed = re.findall(r"`(\w+)` in\s+`(domain/[\w/]+\.py)`", text) + [
        (name, path) for path, name in SYMBOL.findall(text)
    ]
    assert len(placed) >= 4
    for name, path in placed:
        source = (ROOT / "chalicelib" / path).read_text("utf-8")
        assert re.search(rf"^(class |def )?{name}\b", source, re.MULTILINE), f"{name} is not in {path}"


def test_the_page_of_the_lifecycle_is_current() -> None:
    written = lifecycle_page.PAGE.read_text("utf-8")
    assert written == lifecycle_page.page(), "run: python -m infra.lifecycle_page --write"
