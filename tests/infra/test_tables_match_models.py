"""The tables in the template and the models in the code are one thing written twice."""

from typing import Any

import pytest
from pynamodb.models import Model

from chalicelib.adapters.dynamo import tables
from tests.infra.looking import Template

MODELS = {
    "CasesTable": tables.CaseRow,
    "DirectoryTable": tables.DirectoryRow,
    "FiguresTable": tables.FigureRow,
    "LinksTable": tables.LinkRow,
}


@pytest.mark.parametrize("name", MODELS)
def test_table(template: Template, name: str) -> None:
    written = template["Resources"][name]["Properties"]
    schema = MODELS[name]._get_schema()
    assert _keys(written["KeySchema"]) == _keys(schema["key_schema"])
    assert _types(written["AttributeDefinitions"]) == _types(schema["attribute_definitions"])
    assert _indexes(written.get("GlobalSecondaryIndexes", [])) == _indexes(
        schema.get("global_secondary_indexes", [])
    )


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_no_index_is_written_twice(model: type[Model]) -> None:
    names = [index["index_name"] for index in model._get_schema().get("global_secondary_indexes", [])]
    assert len(set(names)) == len(names)


def _keys(schema: Any) -> dict[str, str]:
    return {_get(key, "KeyType"): _get(key, "AttributeName") for key in schema}


def _types(definitions: Any) -> dict[str, str]:
    return {
        _get(definition, "AttributeName"): _get(definition, "AttributeType") for definition in definitions
    }


def _indexes(indexes: Any) -> dict[str, Any]:
    return {
        _get(index, "IndexName"): (_keys(_get(index, "KeySchema")), _projection(_get(index, "Projection")))
        for index in indexes
    }


def _projection(projection: Any) -> tuple[str, list[str]]:
    return _get(projection, "ProjectionType"), sorted(projection.get("NonKeyAttributes", []))


def _get(one: Any, name: str) -> Any:
    """PynamoDB writes some of AWS's names in snake case."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return one[name] if name in one else one[snake]
