"""Whatever uses a table goes by the parameters of a restore, where they are given."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.tables_in_use import STREAM, TABLES, with_tables_in_use
from tests.infra.looking import Template, of_type, referred

ARN = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"


def uses(value: Any) -> Iterator[Any]:
    """Every reference to a table that asks no parameter."""
    if isinstance(value, list):
        for part in value:
            yield from uses(part)
    elif isinstance(value, dict):
        if "Fn::If" in value and str(value["Fn::If"][0]).startswith("Own"):
            return
        if len(value) == 1 and referred(value) & set(TABLES) and next(iter(value)) in _REFERENCES:
            yield value
        for part in value.values():
            yield from uses(part)


_REFERENCES = ("Ref", "Fn::GetAtt", "Fn::Sub")


def test_nothing_uses_a_table_past_the_parameters(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table")
    assert tables.keys() == TABLES.keys()
    others = {name: each for name, each in template["Resources"].items() if name not in tables}
    assert list(uses([others, template["Globals"], template["Outputs"]])) == []


def test_each_has_its_parameter_and_its_condition(template: Template) -> None:
    for table, parameter in {**TABLES, "CasesStream": STREAM}.items():
        assert template["Parameters"][parameter]["Default"] == ""
        assert template["Conditions"][f"Own{table}"] == {"Fn::Equals": [{"Ref": parameter}, ""]}


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ({"Ref": "LinksTable"}, {"Ref": "RestoredLinks"}),
        ({"Fn::GetAtt": ["LinksTable", "Arn"]}, {"Fn::Sub": ARN + "${RestoredLinks}"}),
        (
            {"Fn::Sub": "${LinksTable.Arn}/index/by_unit"},
            {"Fn::Sub": ARN + "${RestoredLinks}/index/by_unit"},
        ),
    ],
)
def test_a_use_becomes_a_choice(own: Any, other: Any) -> None:
    template = {"Resources": {"Any": {"Type": "Any", "Properties": {"Resource": [own, {"Ref": "Topic"}]}}}}
    made = with_tables_in_use(template)["Resources"]["Any"]["Properties"]["Resource"]
    assert made == [{"Fn::If": ["OwnLinksTable", own, other]}, {"Ref": "Topic"}]


def test_the_stream_is_a_parameter_of_its_own(template: Template) -> None:
    source = template["Resources"]["RelayMapping"]["Properties"]["EventSourceArn"]["Fn::If"]
    assert source == ["OwnCasesStream", {"Fn::GetAtt": ["CasesTable", "StreamArn"]}, {"Ref": STREAM}]
