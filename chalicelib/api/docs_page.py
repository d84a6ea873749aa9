"""The OpenAPI document as a page to read, with nothing from outside."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from chalice.app import Response

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1c2733}
h2{font-size:1rem;margin:2rem 0 .25rem;overflow-wrap:anywhere}h2 b{color:#0b5cad}
p{margin:.25rem 0}table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-top:1px solid #d8dee6}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
"""


def docs_page(document: Mapping[str, Any]) -> Response:
    """The page. Its one style stands in it and is named in the policy; scripts there are none."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    info = document["info"]
    body = "".join(_answers(document)) + "".join(_operations(document))
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info['description'])} "
        f'For programs: <a href="openapi.json">openapi.json</a>.</p>{body}</body></html>'
    )
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
    }
    return Response(page, headers, 200)


def _answers(document: Mapping[str, Any]) -> Iterator[str]:
    """What each status means, once for all operations; a refusal has `Code` and `Message`."""
    every = [operation for methods in document["paths"].values() for operation in methods.values()]
    meanings = {
        status: said["description"] for operation in every for status, said in operation["responses"].items()
    }
    rows = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(meaning)}</td></tr>"
        for status, meaning in sorted(meanings.items())
        if not status.startswith("2")
    )
    yield f"<h2>Answers</h2><p>2xx is done.</p><table>{rows}</table>"


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"<h2><b>{escape(method.upper())}</b> <code>{escape(path)}</code></h2>"
            yield f"<p>{escape(operation['summary'])}. {escape(operation['description'])}</p>"
            rows = [
                (parameter["name"], parameter["in"], parameter.get("description", ""))
                for parameter in operation["parameters"]
            ]
            rows += [*_fields(document, operation)]
            if rows:
                cells = "".join(
                    f"<tr><td><code>{escape(name)}</code></td><td>{escape(place)}</td>"
                    f"<td>{escape(what)}</td></tr>"
                    for name, place, what in rows
                )
                yield f"<table><tr><th>Name</th><th>In</th><th>What</th></tr>{cells}</table>"
            example = (
                operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            )
            if example:
                yield f"<pre><code>{escape(json.dumps(example, ensure_ascii=False, indent=2))}</code></pre>"
            yield f"<p><small>Answers: {escape(' · '.join(operation['responses']))}</small></p>"


def _fields(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if "requestBody" not in operation:
        return
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    for name, field in schema["properties"].items():
        needed = " (required)" if name in schema.get("required", ()) else ""
        yield name, "body", f"{_kind(document, field)}{needed}"


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "anyOf" in schema:
        return " or ".join(_kind(document, alternative) for alternative in schema["anyOf"])
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        named = document["components"]["schemas"][name]
        return _kind(document, named) if "enum" in named else name
    if "enum" in schema:
        return "one of " + ", ".join(str(choice) for choice in schema["enum"])
    longest = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return f"{schema.get('format') or schema.get('type', 'anything')}{longest}"
