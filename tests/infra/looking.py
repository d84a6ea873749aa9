"""Finding one's way in a template."""

import re
from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]
Resource = dict[str, Any]


def of_type(template: Template, kind: str) -> dict[str, Resource]:
    """The resources of a type, by logical name."""
    return {name: resource for name, resource in template["Resources"].items() if resource["Type"] == kind}


def functions(template: Template) -> dict[str, Resource]:
    """The Lambda functions' properties, by logical name."""
    return {
        name: resource["Properties"]
        for name, resource in of_type(template, "AWS::Serverless::Function").items()
    }


def statements(role: Resource) -> Iterator[dict[str, Any]]:
    """Every statement of a role's own policies, with actions and resources as lists.

    A table of the stack and the one in its place (`infra/tables_in_use.py`) are two resources.
    """
    for policy in role["Properties"].get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield {
                **statement,
                "Action": as_list(statement["Action"]),
                "Resource": [
                    either
                    for resource in as_list(statement.get("Resource", []))
                    for either in alternatives(resource)
                ],
            }


def alternatives(value: Any) -> list[Any]:
    """Both of a choice by condition; else the value alone."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [either for part in value["Fn::If"][1:] for either in alternatives(part)]
    return [value]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def referred(value: Any) -> set[str]:
    """The logical names that intrinsics in a value refer to."""
    if isinstance(value, list):
        return set().union(*(referred(part) for part in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for key, inner in value.items():
        if key == "Ref":
            found.add(inner.split(".")[0])
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub" and isinstance(inner, str):
            found |= {name.split(".")[0] for name in re.findall(r"\$\{([\w.:]+)\}", inner)}
        else:
            found |= referred(inner)
    return {name for name in found if not name.startswith("AWS::")}
