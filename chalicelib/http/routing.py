"""One way to declare a route: with the policy that says who may come in.

The policy is a required argument, so a route without one fails at import; `require_policies` catches those
declared past it. Around every view stand the same steps: the body's size, who is asking, the domain's
errors as answers. Everything happens inside the view, so that Chalice adds the CORS headers to refusals too.
"""

import logging
from collections.abc import Callable, Mapping

from chalice.app import Blueprint, Chalice, CORSConfig, Request, Response, RouteEntry
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.errors import DomainError
from chalicelib.http.bodies import body_bytes, has_files
from chalicelib.http.body_limits import largest_body
from chalicelib.http.cookies import set_cookies
from chalicelib.http.errors import PayloadTooLargeError, status_of
from chalicelib.http.multipart import LARGEST_WITH_FILES
from chalicelib.http.requests import answer, path_value
from chalicelib.http.sessions import check_origin, session_cookie
from chalicelib.http.visits import Policy, visit_of
from chalicelib.services.access.stranger_limits import RateLimitError

log = logging.getLogger(__name__)
OUR_FAULT = "The desk could not do this because of a fault of its own; try again later."
OUTAGE = "The desk cannot reach its register just now; send the same again in a moment."
RETRY_SECONDS = "5"

ONLY_HTTPS = "max-age=31536000"
"""For a year a browser asks this host by https only."""


class Refusal(Struct, frozen=True):
    """An error on its way to the caller. `error` is None for a fault of our own."""

    request: Request
    status: int
    code: str
    message: str
    headers: Mapping[str, str]
    error: DomainError | None = None


def as_json(refusal: Refusal) -> Response:
    """`{"Code", "Message"}`, as Chalice itself answers."""
    body = {"Code": refusal.code, "Message": refusal.message}
    return answer(body, refusal.status, **refusal.headers)


View = Callable[..., Response]


class Described(Struct, frozen=True):
    """The description of a route for the API's document, beyond its path (api/openapi.py).

    `takes` is the model of the body, or one for each value of the last path parameter; `gives` are the models
    of the answer. The body may be as large as what it `takes` (body_limits.py). `query` says
    what each parameter means; `headers` are those that the view reads.
    """

    policy: Policy
    view: View
    takes: type | Mapping[str, type] | None = None
    gives: tuple[type, ...] = ()
    status: int = 200
    query: Mapping[str, str] = {}
    headers: tuple[str, ...] = ()


def route(
    blueprint: Blueprint,
    path: str,
    *,
    policy: Policy,
    methods: tuple[str, ...] = ("GET",),
    refused: Callable[[Refusal], Response] = as_json,
    content_types: tuple[str, ...] = ("application/json",),
    cors: CORSConfig | None = None,
    takes: type | Mapping[str, type] | None = None,
    gives: tuple[type, ...] = (),
    status: int = 200,
    query: Mapping[str, str] | None = None,
    headers: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Declare a view for a path, a method and a policy.

    The view gets the visit, then the path's parameters by name, decoded; it returns a Response.

    Raises ValueError at import for a policy that the path cannot serve.
    """
    if not isinstance(policy, Policy) or policy == Policy():
        raise ValueError(f"{path} has no policy; say who may use it.")
    if (policy.link or policy.day) and "{code}" not in path:
        raise ValueError(f"{path} is a link's but has no {{code}}.")

    def declare(view: View) -> View:
        described = Described(policy, view, takes, gives, status, query or {}, headers)

        def guarded(**parameters: str) -> Response:
            request = blueprint.current_request
            try:
                response = _visited(request, described, view, parameters)
            except DomainError as error:
                response = refused_surely(refused, _refusal(request, error))
            except Exception as error:
                response = refused_surely(refused, _failure(request, error))
            return secured(response)

        guarded.__name__ = getattr(view, "__name__", path)
        guarded.described = described  # type: ignore[attr-defined]
        declared = blueprint.route(path, methods=list(methods), content_types=list(content_types), cors=cors)
        declared(guarded)
        return view

    return declare


def refused_surely(refused: Callable[[Refusal], Response], refusal: Refusal) -> Response:
    """The refusal as `refused` makes it; where that fails itself, a fault of ours, said without the form."""
    try:
        return refused(refusal)
    except Exception as error:
        failure = _failure(_bare(refusal.request), error)
    try:
        return refused(failure)
    except Exception:
        log.exception("no page could be made")
        return as_json(failure)


def _bare(request: Request) -> Request:
    """The request as one that only looks: nothing that was sent with it can be at fault any more."""
    event = request.to_original_event()
    context = {**event["requestContext"], "httpMethod": "GET"}
    return Request({**event, "requestContext": context, "body": None}, request.lambda_context)


def secured(response: Response) -> Response:
    """The response with what every one of them carries under https."""
    if wiring.base_url().startswith("https://"):
        response.headers["Strict-Transport-Security"] = ONLY_HTTPS
    return response


def described_of(entry: RouteEntry) -> Described | None:
    """The description of a route; None for one that was declared past `route`."""
    return getattr(entry.view_function, "described", None)


def require_policies(app: Chalice) -> None:
    """ValueError if any route of the app was declared without a policy."""
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            if described_of(entry) is None:
                raise ValueError(
                    f"{method} {path} has no policy; declare it with chalicelib.http.routing.route."
                )


def _failure(request: Request, error: Exception) -> Refusal:
    """What is said of an error that no caller made: that it will pass, or no more than that it is ours."""
    route_of = {"method": request.method, "route": request.path}
    if wiring.is_outage(error):
        log.warning("the register could not be reached", exc_info=error, extra=route_of)
        return Refusal(request, 503, "Unavailable", OUTAGE, {"Retry-After": RETRY_SECONDS})
    log.error("request failed", exc_info=error, extra=route_of)
    return Refusal(request, 500, "InternalError", OUR_FAULT, {})


def _refusal(request: Request, error: DomainError) -> Refusal:
    status = status_of(error)
    if status == 500:
        return _failure(request, error)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in {429, 503}:
        headers["Retry-After"] = retry_after(error)
    return Refusal(request, status, error.code, error.message, headers, error)


def retry_after(error: DomainError) -> str:
    """The seconds after which a request that was braked may be sent again."""
    return str(error.retry_after_seconds) if isinstance(error, RateLimitError) else RETRY_SECONDS


def _check_length(request: Request, described: Described) -> None:
    with_files = has_files(request)
    largest = LARGEST_WITH_FILES if with_files else largest_body(described.takes)
    if len(body_bytes(request)) <= largest:
        return
    said = f"The body is too large; at most {largest // 1024} KB are taken here."
    if with_files:  # it is not the text that is too long
        raise PayloadTooLargeError(said, "files_too_large", most=largest // 1024**2)
    raise PayloadTooLargeError(said)


def _visited(request: Request, described: Described, view: View, parameters: Mapping[str, str]) -> Response:
    _check_length(request, described)
    check_origin(request, wiring.base_url())
    given = {name: path_value(name, raw) for name, raw in parameters.items()}
    visit = visit_of(request, described.policy, given)
    response = view(visit, **given)
    if visit.renewed and visit.token is not None:
        set_cookies(response, [session_cookie(visit.token, wiring.base_url())])
    return response
