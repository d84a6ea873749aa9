"""The tables that a stack works on: its own, or those that a restore has made (`infra/restoring.py`).

CloudFormation cannot take a restored table into a stack in the place of another. So the names are parameters,
and whatever uses a table asks them first. The template would say so in fifty places; here it is said once.
"""

import re
from typing import Any

TABLES = {
    "CasesTable": "RestoredCases",
    "DirectoryTable": "RestoredDirectory",
    "FiguresTable": "RestoredFigures",
    "LinksTable": "RestoredLinks",
}
"""The table of the stack → the parameter that names another in its place."""
STREAM = "RestoredCasesStream"
ARN = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"

Template = dict[str, Any]


def with_tables_in_use(template: Template) -> Template:
    """The template in which users of tables go by the parameters, where given."""
    for part in ("Globals", "Resources", "Outputs"):
        for name, declared in template.get(part, {}).items():
            if declared.get("Type") != "AWS::DynamoDB::Table":
                template[part][name] = _in_use(declared)
    return template


def _in_use(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_use(part) for part in value]
    if not isinstance(value, dict):
        return value
    return _by_parameter(value) or {key: _in_use(inner) for key, inner in value.items()}


def _by_parameter(value: dict[str, Any]) -> dict[str, Any] | None:
    """A reference to a table of the stack, as one that asks the parameter first; None for anything else."""
    match value:
        case {"Ref": str(table)} if table in TABLES:
            return _if_own(table, value, {"Ref": TABLES[table]})
        case {"Fn::GetAtt": ["CasesTable", "StreamArn"]}:
            return _if_own("CasesStream", value, {"Ref": STREAM})
        case {"Fn::GetAtt": [str(table), "Arn"]} if table in TABLES:
            return _if_own(table, value, {"Fn::Sub": f"{ARN}${{{TABLES[table]}}}"})
        case {"Fn::Sub": str(text)} if found := re.match(r"\$\{(\w+Table)\.Arn\}", text):
            other = f"{ARN}${{{TABLES[found[1]]}}}{text[found.end() :]}"
            return _if_own(found[1], value, {"Fn::Sub": other})
        case _:
            return None


def _if_own(what: str, own: Any, other: Any) -> dict[str, Any]:
    return {"Fn::If": [f"Own{what}", own, other]}
