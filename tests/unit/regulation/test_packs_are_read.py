"""What stands in a regulation is read by somebody: a value that changes nothing is a promise to nobody."""

import ast
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import fields

import chalicelib
from chalicelib.domain.regulation import policies
from chalicelib.domain.regulation.regulation import CarePolicy, Matter, Regulation, RevisitPolicy
from chalicelib.domain.regulation.rules import Conditions, RevisitRule, Rule

ROOT = Path(chalicelib.__file__).parent
NO_READERS = {"pack_document.py", "pack_checks.py", "policy_checks.py"}
"""Whoever only takes a value in or checks it does not use it."""
KINDS_OF_TABLE = [
    *(
        var
        for var in vars(policies).values()
        if isinstance(var, type) and issubclass(var, Struct) and var.__module__ == policies.__name__
    ),
    *(CarePolicy, Matter, Regulation, RevisitPolicy, Conditions, RevisitRule, Rule),
]


@cache
def read_somewhere() -> frozenset[str]:
    """The names of all attributes that the code reads."""
    trees = (ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py") if path.name not in NO_READERS)
    nodes = (node for tree in trees for node in ast.walk(tree))
    return frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))


@pytest.mark.parametrize("table", KINDS_OF_TABLE, ids=lambda table: table.__name__)
def test_every_value_of_a_regulation_is_read(table: type) -> None:
    assert {entry.name for entry in fields(table)} <= read_somewhere()
