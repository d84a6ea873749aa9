"""Docstrings that a stranger reads on the way: the first sentence is short."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_WORDS = 15
DESCRIBED = (ast.Module, ast.ClassDef, ast.FunctionDef)
MODULES = [
    ROOT / "app.py",
    *sorted((ROOT / "chalicelib").rglob("*.py")),
    *sorted((ROOT / "infra").glob("**/*.py")),
]
REQUIREMENTS = re.compile(r"\s*\([A-GS]\d[^)]*\)")


def first_sentences(source: str) -> Iterator[tuple[str, str]]:
    """(name, first sentence) of whatever has a docstring; the ids of requirements are no words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DESCRIBED) and (docstring := ast.get_docstring(node)):
            first = re.split(r"(?<=[.:;!?])\s|\n\n", docstring.strip(), maxsplit=1)[0]
            name = "module" if isinstance(node, ast.Module) else node.name
            yield name, REQUIREMENTS.sub("", first)


def too_long(source: str) -> list[tuple[str, str]]:
    return [(name, said) for name, said in first_sentences(source) if len(said.split()) > MOST_WORDS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_docstring_begins_with_a_short_sentence(path: Path) -> None:
    assert too_long(path.read_text(encoding="utf-8")) == []


def test_a_long_first_sentence_is_seen() -> None:
    said = " ".join(["word"] * MOST_WORDS)
    assert too_long(f'def f():\n    """{said} (A7)."""') == []
    assert len(too_long(f'def f():\n    """{said} word."""')) == 1
