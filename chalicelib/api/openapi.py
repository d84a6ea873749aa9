"""The OpenAPI 3.1 document of the API.

It is made from the routes and their models: nothing in it is written by hand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from inspect import getdoc
from typing import Any

from chalice.app import RouteEntry
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.answered import SEEN_FIRST
from chalicelib.domain.case.form_fields import longest_lengths
from chalicelib.domain.community.roles import Role
from chalicelib.domain.follow_up.praise import PRAISE
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.rules import CHOICES, UNSORTED
from chalicelib.http.report_body import EXAMPLE
from chalicelib.http.routing import Described, described_of
from chalicelib.http.signed import SIGNED_WITH
from chalicelib.http.visits import Policy
from chalicelib.version import VERSION

REFERENCE = "#/components/schemas/{name}"
HEADERS = {
    "Idempotency-Key": "Up to 200 visible ASCII characters: a repeat with the same key changes nothing.",
    "Challenge-Solution": "What `GET /v1/challenge` asks for, once a report was answered with 428.",
    "If-Match": "The version seen, from the ETag: 409 if the case has moved on since.",
    **SIGNED_WITH,
}
ERRORS = {
    "400": "Something sent is malformed, impossible or unknown; the message names it.",
    "401": "Nobody is signed in, or the token is good no more.",
    "403": "This role may never do that.",
    "404": "Nothing there that the caller can see.",
    "409": "The case is not in a state for that, or somebody else was first.",
    "410": "The link was good once.",
    "413": "The body is larger than its texts can be.",
    "415": "The body is not JSON.",
    "428": "Something is to come along: a solved challenge (`GET /v1/challenge`), or here `If-Match`.",
    "429": "Too many; Retry-After says when to try again.",
    "500": "A fault of the desk's own.",
    "503": "The register cannot be reached just now; send the same again, with the same key.",
}

EXAMPLES: Mapping[type, Mapping[str, str]] = {NewCase: EXAMPLE}
NAMES = {NewCase.__name__: "ReportBody"}
"""What callers know a model as, where its name in the code is another."""
NOTES = {
    "rate": " A rating is taken once.",
    PRAISE: " Praise of whoever did the work, once a round, stands on that person's record and in no case.",
}


def document(routes: Mapping[str, Mapping[str, RouteEntry]]) -> dict[str, Any]:
    """The document of those routes of the app that are the API's."""
    import msgspec  # here with its schemas, because only this document needs them

    api = [
        (path, method, described)
        for path, methods in sorted(routes.items())
        for method, entry in sorted(methods.items())
        if path.startswith("/v1/") and (described := described_of(entry)) is not None
    ]
    models = list(dict.fromkeys(model for _, _, described in api for model in _models(described)))
    _, schemas = msgspec.json.schema_components(models, ref_template=REFERENCE)
    components = {NAMES.get(name, name): schema for name, schema in schemas.items()}
    for name in NAMES.values():
        components[name]["title"] = name
    _add_lengths(models, components)
    _add_enums(components, {_name(form) for _, _, described in api for form in _forms(described)})
    components["Error"] = {
        "type": "object",
        "properties": {"Code": {"type": "string"}, "Message": {"type": "string"}},
        "required": ["Code", "Message"],
    }
    paths: dict[str, dict[str, Any]] = {}
    for path, method, described in api:
        for full, operation in _operations(path, described):
            paths.setdefault(full, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Suda 诉达",
            "version": VERSION,
            "description": "The complaint desk of a community.",
        },
        "servers": [{"url": wiring.base_url()}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _models(described: Described) -> Iterator[type]:
    yield from _forms(described)
    yield from described.gives


def _forms(described: Described) -> Iterator[type]:
    if isinstance(described.takes, Mapping):
        yield from described.takes.values()
    elif described.takes is not None:
        yield described.takes


def _add_lengths(models: Iterable[type], components: Mapping[str, Any]) -> None:
    """The lengths that the forms check, which msgspec does not know of."""
    for model in models:
        if not issubclass(model, Struct):
            continue
        for name, longest in longest_lengths(model).items():
            component = components[_name(model)]
            schema = component["properties"][name]
            for option in schema.get("anyOf", [schema]):
                if option.get("type") == "string":
                    option["maxLength"] = longest
                    if name in component.get("required", ()):
                        option["minLength"] = 1


def _add_enums(components: Mapping[str, Any], forms: Set[str]) -> None:
    """The words that the checks allow, which msgspec does not know of; what is not sorted yet has its own."""
    for component, schema in components.items():
        for name, field in schema.get("properties", {}).items():
            for option in field.get("anyOf", [field]):
                if name in CHOICES and option.get("type") == "string":
                    of_answers = [UNSORTED] if name == "kind" and component not in forms else []
                    option["enum"] = [*CHOICES[name], *of_answers]


def _operations(path: str, described: Described) -> Iterator[tuple[str, dict[str, Any]]]:
    """One operation; for a route that takes a model for each command, one for each command."""
    name = described.view.__name__
    if not isinstance(described.takes, Mapping):
        yield path, _operation(path, name, described, described.takes)
        return
    for command, form in described.takes.items():
        full = path.replace("{command}", command)
        operation = _operation(full, f"{name}_{command}", described, form)
        english, chinese = (wiring.words().get(tag).name("commands", command) for tag in ("en", "zh-CN"))
        operation["summary"] = f"{english} ({chinese})"
        operation["description"] += NOTES.get(command, "")
        if row := TABLE.get(command):
            operation["description"] += (
                f" In the states: {', '.join(sorted(row.sources))}. By: {_named(row.roles)}."
            )
        yield full, operation


def _operation(path: str, name: str, described: Described, takes: type | None) -> dict[str, Any]:
    summary, _, rest = (getdoc(described.view) or name).partition(". ")
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary.strip().rstrip("."),
        "description": " ".join(f"{rest} {_who(described.policy)}".split()),
        "parameters": [*_parameters(path, described)],
        "responses": _responses(path, described, takes),
        "security": _security(described.policy),
    }
    if takes is not None:
        body = _json(_one_of((takes,)))
        if takes in EXAMPLES:
            body["content"]["application/json"]["example"] = EXAMPLES[takes]
        operation["requestBody"] = {"required": True, **body}
    return operation


def _who(policy: Policy) -> str:
    if policy.link:
        return "For whoever holds the link."
    if policy.signed:
        return "For a machine that signs it."
    roles = _named(policy.roles)
    if policy.open_to_all:
        return f"For anybody; signed in, for: {roles}." if roles else "For anybody."
    return f"For: {roles}."


def _named(roles: Iterable[Role]) -> str:
    english = wiring.words().get("en")
    return ", ".join(sorted(english.name("roles", role) for role in roles))


def _security(policy: Policy) -> list[dict[str, list[str]]]:
    signed_in: list[dict[str, list[str]]] = [{"bearer": []}] if policy.roles else []
    return [*([{}] if policy.open_to_all or policy.link or policy.signed else []), *signed_in]


def _parameters(path: str, described: Described) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name, meaning in described.query.items():
        yield {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
    for name in described.headers:
        yield {"name": name, "in": "header", "description": HEADERS[name], "schema": {"type": "string"}}


def _responses(path: str, described: Described, takes: type | None) -> dict[str, Any]:
    good = _json(_one_of(described.gives)) if described.gives else {}
    responses: dict[str, Any] = {str(described.status): {"description": "Done.", **good}}
    if described.status == 201 and described.headers:
        responses["200"] = {"description": "A repeat: the same answer as the first time.", **good}
    for status in _statuses(path, described, takes):
        responses[status] = {
            "description": ERRORS[status],
            **_json({"$ref": REFERENCE.format(name="Error")}),
        }
    return responses


def _statuses(path: str, described: Described, takes: type | None) -> list[str]:
    found = {"500", "503"}
    if takes is not None:
        found |= {"400", "413", "415"}
    if takes is not None and (described.headers or described.policy.link):
        found |= {"409"}
    if "Challenge-Solution" in described.headers or path.endswith(tuple(SEEN_FIRST)):
        found |= {"428"}
    found |= {"400"} if described.query else set()
    if "{" in path:
        found |= {"400", "404"}
    if described.policy.roles or described.policy.signed:
        found |= {"401", "403", "404"}
    if described.policy.link:
        found |= {"403", "404", "410", "429"}
    if described.policy.open_to_all and takes is not None:
        found |= {"401", "429"}
    if described.policy.open_to_all and described.query:
        found |= {"404", "429"}
    return sorted(found)


def _one_of(models: tuple[type, ...]) -> dict[str, Any]:
    references = [{"$ref": REFERENCE.format(name=_name(model))} for model in models]
    return references[0] if len(references) == 1 else {"anyOf": references}


def _name(model: type) -> str:
    return NAMES.get(model.__name__, model.__name__)


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
