"""Reading requests and writing answers: bodies, queries and headers, each fault named."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec
from chalice.app import Request, Response
from msgspec import Struct
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.days import LAST_YEAR
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.bodies import body_bytes, decoded_body, media_type
from chalicelib.http.errors import UnsupportedMediaTypeError
from chalicelib.http.mistakes import named

Model = TypeVar("Model", bound=Struct)
LONGEST_KEY = 200
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact."""

DEFAULT_LANGUAGE = "zh-CN"
JSON = "application/json; charset=utf-8"
NEVER_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer of Structs and plain values; instants carry their offset."""
    body = msgspec.json.encode(value).decode()
    sent: dict[str, str | list[str]] = {
        "Content-Type": "application/json; charset=utf-8",
        **NEVER_STORED,
        **headers,
    }
    return Response(body=body, status_code=status, headers=sent)


def asked_path(request: Request) -> str:
    """The path that was asked for, below the root, without its outer slashes.

    The request has the route's, such as `/c/{community}`. Where no route leads it has what the caller wrote,
    which may hold braces of its own: they are no places to fill in.
    """
    given = request.uri_params or {}
    return re.sub(r"\{(\w+)\}", lambda place: given.get(place[1], place[0]), request.path).strip("/")


def path_value(name: str, raw: str) -> str:
    """A path parameter, URL-decoded once: Chalice gives it as it stands in the path."""
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInputError(f"'{name}' in the path is not UTF-8.") from None


def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object; an absent body is an empty one."""
    if not body_bytes(request):
        return {}
    if media_type(request)[0] != "application/json":
        raise UnsupportedMediaTypeError("Send the body with 'Content-Type: application/json'.")
    text = decoded_body(request)
    try:
        value = msgspec.json.decode(text)
        json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInputError(f"The body is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidInputError('The body is not a JSON object; send one, such as {"text": "…"}.')
    return value


def once(pairs: list[tuple[str, Any]]) -> None:
    """InvalidInputError for a name that stands twice: readers of JSON disagree which of them counts."""
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            raise InvalidInputError(f"'{name[:60]}' stands twice in one object; say it once.")
        names.add(name)


def read(data: Mapping[str, Any], model: type[Model]) -> Model:
    """The data as the model, a Struct. Unknown fields, missing ones and wrong types are named."""
    known = model.__struct_fields__
    unknown = [name for name in data if name not in known]
    if unknown:
        shown = ", ".join(f"'{name[:60]}'" for name in unknown[:5])
        raise InvalidInputError(f"Unknown: {shown}; the fields here are: {', '.join(known) or 'none'}.")
    for name, value in data.items():
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise InvalidInputError(f"'{name}' is too large a number.")
    try:
        made = msgspec.convert(data, model)
    except msgspec.ValidationError as error:
        raise InvalidInputError(named(str(error), model)) from None
    return _in_utc(made)


def _in_utc(made: Model) -> Model:
    """The model with its instants in UTC; years that no case can have are refused."""
    moved = {}
    for name in made.__struct_fields__:
        value = getattr(made, name)
        if isinstance(value, datetime) and value.tzinfo is not None:
            if not EARLIEST <= value <= LATEST:
                raise InvalidInputError(
                    f"'{name}' lies outside the years {EARLIEST.year} to {LAST_YEAR}; check the date."
                )
            moved[name] = value.astimezone(UTC)
    return replace(made, **moved) if moved else made


def query(request: Request, *names: str) -> dict[str, str]:
    """The query parameters of the request, each given at most once.

    InvalidInputError names a parameter that is not among `names`.
    """
    given = request.query_params
    found: dict[str, str] = {}
    if given is None:
        return found
    for name in given:
        values = given.getlist(name)
        if name not in names:
            raise InvalidInputError(f"Unknown: '{name[:60]}'; this can be asked for: {', '.join(names)}.")
        if len(values) > 1:
            raise InvalidInputError(f"'{name}' is given more than once.")
        found[name] = values[0]
    return found


def number_asked(name: str, given: str | None) -> int | None:
    """A whole number among the query parameters; InvalidInputError for anything else."""
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= 9):
        raise InvalidInputError(f"'{name}' is a whole number; take it from the answer before.")
    return int(given)


def bearer_token(request: Request) -> str | None:
    """The token of the Authorization header, if it is a Bearer's."""
    scheme, _, token = str(request.headers.get("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def idempotency_key(request: Request) -> str | None:
    """The key under which a repeat is recognised: 1 to 200 visible ASCII characters."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not re.fullmatch(rf"[!-~]{{1,{LONGEST_KEY}}}", key):
        raise InvalidInputError(
            f"'Idempotency-Key' is 1 to {LONGEST_KEY} visible ASCII characters without spaces."
        )
    return str(key)


def machine_key(request: Request) -> str | None:
    """The key of a machine's report: its message's id, whatever that looks like (A1).

    One that is no key is known by its hash, so that the report is taken and a repeat stays one.
    """
    try:
        return idempotency_key(request)
    except InvalidInputError:
        given = str(request.headers["idempotency-key"])
        return sha256(given.encode(errors="surrogateescape")).hexdigest() if given.strip() else None


def expected_version(request: Request) -> int | None:
    """The version of the case that the caller has seen, from If-Match.

    It is the ETag that the case was sent with.
    """
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', given.strip())
    if found is None:
        raise InvalidInputError("'If-Match' is the version of the case as its ETag says, such as \"7\".")
    return int(found[1])


def source_address(request: Request) -> str:
    """The network address that the gateway saw."""
    return str((request.context.get("identity") or {}).get("sourceIp") or "unknown")


def language(request: Request) -> str:
    """The language that the caller prefers, among those with a catalogue; `zh-CN` if there is none of them.

    A wish for `en-GB` is met by `en`, for `zh` by `zh-CN`, for what a file names besides by that (`also`).
    """
    words, known = wiring.words(), wiring.words().languages()
    spoken = {tag.lower().partition("-")[0]: tag for tag in reversed(known)}
    spoken |= {wish.lower(): tag for tag in known for wish in (tag, *words.also(tag))}
    best, weight = DEFAULT_LANGUAGE, 0.0
    for part in str(request.headers.get("accept-language") or "").split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            value = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wish = tag.strip().lower()
        while wish not in spoken and "-" in wish:
            wish = wish.rpartition("-")[0]
        met_by = spoken.get(wish)
        if met_by and value > weight:
            best, weight = met_by, value
    return best


def words_for(request: Request) -> Catalogue:
    """The words of the language that the caller prefers."""
    return wiring.words().get(language(request))


MONTH = re.compile(r"(20[0-9]{2})-?(0[1-9]|1[0-2])")


def month_asked(given: str) -> str:
    """A month as `YYYYMM`; InvalidInputError for one that no calendar has."""
    found = MONTH.fullmatch(given)
    if found is None:
        raise InvalidInputError("'month' is a month such as 2026-11.")
    return found[1] + found[2]
