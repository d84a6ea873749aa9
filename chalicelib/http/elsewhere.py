"""Where no route leads: the gateway sends every other path and method to the app too (infra/resources.yaml).

Whoever calls the API reads JSON there, whoever reads pages a page; the gateway's own words reach nobody.
"""

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, Request, Response

from chalicelib.domain.errors import DomainError, NotFoundError
from chalicelib.http.errors import MethodNotAllowedError, UnsupportedMediaTypeError, status_of
from chalicelib.http.routing import Refusal, as_json, refused_surely, secured

OF_THE_API = "v1"
GREEDY = "/{proxy+}"
"""The resource of the gateway that takes what no other does."""


def answer_everywhere(app: Chalice, on_pages: Callable[[Refusal], Response]) -> None:
    """Have the app answer where it has no route; `on_pages` makes the page of a refusal."""

    def answered(asked: Any, proceed: Callable[[Any], Any]) -> Any:
        methods = app.routes.get(asked.path, {})
        if asked.method in methods:
            return _in_our_words(asked, proceed(asked), on_pages)
        request = _as_it_was_asked(asked)
        if asked.method == "HEAD" and (looked := _as_get(app, asked, request.path)):
            return _without_body(app(looked, asked.lambda_context))
        allowed = sorted(methods or _methods_at(app, request.path))
        error: DomainError = NotFoundError("There is nothing at this address; check that it is complete.")
        if allowed:
            error = MethodNotAllowedError(f"{request.method} is not possible here; {', '.join(allowed)} is.")
        headers = {"Allow": ", ".join(allowed)} if allowed else {}
        return _refused(request, error, headers, on_pages)

    app.register_middleware(answered, "http")


def _in_our_words(asked: Any, response: Any, on_pages: Callable[[Refusal], Response]) -> Any:
    """The response; what Chalice itself says of a body of another type, as a page where pages are."""
    is_page = "html" in str(response.headers.get("Content-Type", ""))
    if response.status_code != 415 or is_page or asked.path.startswith(f"/{OF_THE_API}/"):
        return response
    error = UnsupportedMediaTypeError("Send the form from the desk's own page.")
    return _refused(_as_it_was_asked(asked), error, {}, on_pages)


def _refused(
    request: Request, error: DomainError, headers: dict[str, str], on_pages: Callable[[Refusal], Response]
) -> Response:
    first = request.path.strip("/").partition("/")[0]
    refused = as_json if first == OF_THE_API else on_pages
    refusal = Refusal(request, status_of(error), error.code, error.message, headers, error)
    response = refused_surely(refused, refusal)
    response.headers.update(headers)
    return secured(response)


def _as_it_was_asked(asked: Any) -> Request:
    """The request with its real path, in place of the gateway's resource."""
    event = asked.to_original_event()
    path = event.get("path") or "/"
    context = {**event["requestContext"], "resourcePath": path}
    return Request({**event, "requestContext": context, "pathParameters": None}, asked.lambda_context)


def _as_get(app: Chalice, asked: Any, path: str) -> dict[str, Any] | None:
    """A request by HEAD as the gateway would have sent it by GET; None if no route takes that.

    The route with the fewest parameters goes first, as with the gateway.
    """
    route = min(_routes_at(app, path), key=lambda route: route.count("{"), default=None)
    if route is None or "GET" not in app.routes[route]:
        return None
    event = asked.to_original_event()
    parts = zip(route.strip("/").split("/"), path.strip("/").split("/"), strict=True)
    given = {part.strip("{}"): value for part, value in parts if part.startswith("{")}
    context = {**event["requestContext"], "resourcePath": route, "httpMethod": "GET"}
    return {
        **event,
        "resource": route,
        "httpMethod": "GET",
        "pathParameters": given or None,
        "requestContext": context,
        "body": None,
    }


def _without_body(answer: dict[str, Any]) -> Response:
    headers = {**answer["headers"], **answer.get("multiValueHeaders", {})}
    return Response("", headers=headers, status_code=answer["statusCode"])


def _methods_at(app: Chalice, path: str) -> set[str]:
    """The methods of the routes that a path fits."""
    return {method for route in _routes_at(app, path) for method in app.routes[route]}


def _routes_at(app: Chalice, path: str) -> list[str]:
    """The routes that a path fits."""
    asked = path.strip("/").split("/")
    return [
        route
        for route in app.routes
        if len(parts := route.strip("/").split("/")) == len(asked)
        and all(part == given or part.startswith("{") for part, given in zip(parts, asked, strict=True))
    ]
