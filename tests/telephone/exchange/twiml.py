"""TwiML as the exchange understands it: a document becomes a row of steps, one after another.

It stands for Twilio's own reading, so it is stricter than that: what it does not know, it refuses.
"""

from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree


class NotTwimlError(ValueError):
    """An answer that a telephone exchange cannot follow."""


@dataclass(frozen=True)
class Say:
    """Words to speak, and the language of their voice."""

    text: str
    language: str


@dataclass(frozen=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Gather:
    """Keys to wait for, while the prompts are spoken and for `timeout` seconds after each key.

    `most` is how many end it by themselves; 0 for as many as come.
    """

    action: str
    prompts: tuple[Say | Pause, ...]
    most: int
    finish: str
    timeout: float
    also_empty: bool


@dataclass(frozen=True)
class Record:
    """What is said, recorded until a key, `timeout` seconds of silence, or the `longest` time."""

    action: str
    told: str | None
    finish: str
    timeout: float
    longest: float
    beep: bool


@dataclass(frozen=True)
class Redirect:
    """Another document to go on with."""

    url: str


@dataclass(frozen=True)
class Dial:
    """A person to connect to."""

    number: str
    action: str | None
    timeout: float


@dataclass(frozen=True)
class Hangup:
    """The end of the call."""


Step = Say | Pause | Gather | Record | Redirect | Dial | Hangup


def steps_of(document: bytes, asked: str) -> list[Step]:
    """The steps of a document that came from the address `asked`."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise NotTwimlError(f"no XML: {error}") from error
    if root.tag != "Response":
        raise NotTwimlError(f"<{root.tag}> in place of <Response>")
    return [_step(element, asked) for element in root]


def _step(verb: ElementTree.Element, asked: str) -> Step:
    given, text = verb.attrib, (verb.text or "").strip()

    def address(name: str) -> str | None:
        return urljoin(asked, given[name]) if name in given else None

    match verb.tag:
        case "Say":
            if not text:
                raise NotTwimlError("an empty <Say>")
            return Say(text, given.get("language", "en-US"))
        case "Pause":
            return Pause(float(given.get("length", "1")))
        case "Gather":
            prompts = tuple(_step(inner, asked) for inner in verb)
            if not all(isinstance(prompt, Say | Pause) for prompt in prompts):
                raise NotTwimlError("<Gather> with another thing in it than words")
            return Gather(
                address("action") or asked, prompts, int(given.get("numDigits", "0")),  # type: ignore[arg-type]
                given.get("finishOnKey", "#"), float(given.get("timeout", "5")),
                given.get("actionOnEmptyResult") == "true",
            )  # fmt: skip
        case "Record":
            return Record(
                address("action") or asked, address("recordingStatusCallback"),
                given.get("finishOnKey", "1234567890*#"), float(given.get("timeout", "5")),
                float(given.get("maxLength", "3600")), given.get("playBeep", "true") == "true",
            )  # fmt: skip
        case "Redirect":
            return Redirect(urljoin(asked, text))
        case "Dial":
            return Dial(text, address("action"), float(given.get("timeout", "30")))
        case "Hangup":
            return Hangup()
    raise NotTwimlError(f"<{verb.tag}> is not known here")
