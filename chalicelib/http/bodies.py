"""The body of a request as text, in the encoding that it is in."""

import codecs
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote_to_bytes

from chalice.app import Request

from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.errors import UnsupportedMediaTypeError
from chalicelib.http.multipart import MULTIPART, parts_of

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100

ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8-sig",  # with or without the mark at its beginning
    "ascii": "utf-8-sig",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
"""What Python calls the encoding that a caller declares → how it is read.

GB 18030 has all of GBK, and that all of GB 2312; who declares one of them often means the next.
"""

REPLACED = "\ufffd"
LOST = REPLACED.encode()
"""What something on the way makes of bytes that it takes for UTF-8; read as GBK it is 锟斤拷."""

LAST_OF_TWO_BYTES = "\u07ff"
"""The last character that UTF-8 writes in two bytes; Chinese ones take three."""

GUESS = "gb18030"
"""What Chinese text is in that neither says its encoding nor is UTF-8."""


def body_bytes(request: Request) -> bytes:
    """The body as it was sent."""
    raw = request.raw_body
    return raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace")


def media_type(request: Request) -> tuple[str, str | None]:
    """The media type of the body in lower case, and its declared charset."""
    kind, *parameters = str(request.headers.get("content-type") or "").split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.strip().lower(), value.strip().strip("\"'") or None
    return kind.strip().lower(), None


def is_form(request: Request) -> bool:
    """Whether the body is a posted form."""
    return media_type(request)[0] in {FORM, MULTIPART}


def has_files(request: Request) -> bool:
    """Whether the body is a form that may carry files; only some routes take one."""
    return media_type(request)[0] == MULTIPART


def encoding_of(request: Request) -> str:
    """Python's name of the encoding of the body: as declared, else UTF-8.

    UnsupportedMediaTypeError for one that is not read here.
    """
    declared = media_type(request)[1] or "utf-8"
    try:
        return ENCODINGS[codecs.lookup(declared).name]
    except (LookupError, ValueError):  # a name with a null character is a ValueError
        raise UnsupportedMediaTypeError(
            f"The charset '{declared[:40]}' is not read here; send UTF-8 (GBK and Big5 are read too).",
            "unknown_charset",
        ) from None


def decoded_body(request: Request) -> str:
    """The body as text; UnsupportedMediaTypeError if it is not in the encoding that it should be in."""
    raw, encoding = body_bytes(request), encoding_of(request)
    if _was_lost(raw, encoding):
        raise _not_decoded(request, raw.find(LOST))
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_decoded(request, error.start) from None


def _was_lost(raw: bytes, encoding: str) -> bool:
    """Whether bytes in an encoding other than UTF-8 were taken for that on the way."""
    return encoding != ENCODINGS["utf-8"] and LOST in raw


def form_fields(request: Request) -> dict[str, str]:
    """The fields of a posted form by name; of a repeated one the last counts.

    A browser sends line breaks as CR LF; they are kept as LF. Raises InvalidInputError for what no form of
    ours has sent, UnsupportedMediaTypeError as `decoded_body`. Of a form with files only the texts.
    """
    if has_files(request):
        return _texts(request)
    body = decoded_body(request)
    if _was_lost(unquote_to_bytes(body_bytes(request)), encoding_of(request)):
        raise _not_decoded(request)
    try:
        pairs = parse_qsl(
            body,
            keep_blank_values=True,
            encoding=encoding_of(request),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise _not_decoded(request) from None
    except ValueError:
        raise InvalidInputError(f"A form has at most {MOST_FIELDS} fields.") from None
    return _by_name(pairs)


def form_files(request: Request, name: str) -> list[tuple[str, bytes]]:
    """The files in a field of a posted form: what each is called, and its bytes."""
    if not has_files(request):
        return []
    parts = parts_of(request, body_bytes(request))
    return [(part.called, part.data) for part in parts if part.called is not None and part.name == name]


def _texts(request: Request) -> dict[str, str]:
    texts = (part for part in parts_of(request, body_bytes(request)) if part.called is None)
    try:
        return _by_name((part.name, part.data.decode("utf-8")) for part in texts)
    except UnicodeDecodeError:
        raise _not_decoded(request) from None


def guessed_fields(request: Request) -> dict[str, str]:
    """The fields of a form as well as they can be read, to show again."""
    try:
        return form_fields(request)
    except (UnsupportedMediaTypeError, InvalidInputError):
        if has_files(request):
            return {}
        encoding = _guessed(request)
        body = body_bytes(request).decode(encoding, "replace")
        return _by_name(parse_qsl(body, keep_blank_values=True, encoding=encoding))


def _guessed(request: Request) -> str:
    """The encoding in which a form that was refused can most likely be read: UTF-8, if that all but fits.

    Chinese text in UTF-8 is often GB 18030 too, and nonsense in that; what is in GBK has hardly a character
    of three bytes in UTF-8.
    """
    plain, utf_8 = unquote_to_bytes(body_bytes(request)), ENCODINGS["utf-8"]
    if _fits(plain, utf_8):
        return utf_8
    try:
        declared = encoding_of(request)
    except UnsupportedMediaTypeError:
        declared = utf_8
    if _fits(plain, declared):
        return declared
    read = plain.decode(utf_8, "replace")
    broken, whole = read.count(REPLACED), sum(character > LAST_OF_TWO_BYTES for character in read)
    if whole - broken >= broken:
        return utf_8
    return GUESS if plain.decode(GUESS, "replace").count(REPLACED) < broken else utf_8


def _fits(plain: bytes, encoding: str) -> bool:
    try:
        plain.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _not_decoded(request: Request, place: int | None = None) -> UnsupportedMediaTypeError:
    kind, declared = media_type(request)
    where = "" if place is None else f" (byte {place + 1} is wrong)"
    if declared is not None:
        return UnsupportedMediaTypeError(
            f"The body is not {declared[:40]}{where}; send UTF-8, or say what it is in.", "not_decoded"
        )
    return UnsupportedMediaTypeError(
        f"The body is not UTF-8{where}; send UTF-8, or say its charset: 'Content-Type: {kind}; charset=gbk'.",
        "not_decoded",
    )
