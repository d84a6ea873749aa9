"""The packaged desk, made once; its template as the tests look at it."""

import json
from typing import Any

import pytest

from infra.package import Package, package

Template = dict[str, Any]


@pytest.fixture(scope="session")
def packaged() -> Package:
    """The package of the stage `local`; the other stages differ in nothing but the name."""
    return package("local")


@pytest.fixture(scope="session")
def template(packaged: Package) -> Template:
    return dict(json.loads(packaged.template.read_text("utf-8")))
