"""The steps of a call: each takes what was pressed or said, and answers with what comes next.

Whoever presses nothing, or presses what cannot be understood three times, is recorded all the same: nobody
has to be good at keys to be heard. What is known goes into the register at once, so that a call that breaks
off later is a contact to call back.
"""

import re
from collections.abc import Callable, Mapping

from chalicelib.channels.callers import number_on_duty
from chalicelib.channels.twiml import HANG_UP, ask_key, ask_keys, dial, document, go_on, record
from chalicelib.channels.voice_line import Line
from chalicelib.channels.voice_turn import KEYS_OF_A_PHONE, Turn, unit_of
from chalicelib.http.requests import DEFAULT_LANGUAGE
from chalicelib.services.intake.call_answers import asked_cases, spelled, spoken_number, spoken_phone
from chalicelib.services.intake.recordings import fetch_recording

KINDS = {"1": "repair", "2": "complaint", "3": "help"}
FOLLOW, PERSON = "4", "0"
AGAIN, ONCE_MORE = "2", "1"
KEY = re.compile(r"[0-9]")
"""One key of a telephone; other characters are digits to Python too."""
MOST_TRIES = 3
LONGEST_SECONDS, SILENCE_SECONDS = 180, 8
"""Of what is said into one recording, and after which silence it ends (ours)."""
RING_SECONDS = 20
LIVING = frozenset({"queued", "ringing", "in-progress"})
"""States of a call that goes on."""


def languages(line: Line) -> tuple[str, ...]:
    """The languages in the order of their keys: the desk's own first.

    One that is written otherwise and spoken alike has no words for the choice, and no key.
    """
    others = (
        tag
        for tag in line.words.languages()
        if tag != DEFAULT_LANGUAGE and line.words.get(tag).groups["voice"]["choose_language"]
    )
    return (DEFAULT_LANGUAGE, *others)


def greeted(line: Line) -> str:
    """The greeting, and the choice of a language; of a closed community, whom to call."""
    if line.context.community.closed:
        return closed(line)
    offers = [
        line.at(Turn(tag)).say("choose_language", key=str(place))
        for place, tag in enumerate(languages(line), start=1)
    ]
    hello = line.say("greeting", community=line.context.community.name)
    return document(
        ask_key(line.to("language", line.turn), hello, *offers, timeout=4),
        go_on(line.to("language", line.turn)),
    )


def closed(line: Line) -> str:
    """No new report is taken: whom to call, in every language; and how the caller's open cases stand."""
    said = [line.at(Turn(tag)).closed() for tag in languages(line)]
    known = asked_cases(line.desk, line.context.community.id, line.shown_phone, None, line.catalogue)
    return document(*said, go_on(line.to("follow", line.turn)) if known else HANG_UP)


def language(line: Line) -> str:
    """The language that was chosen; the desk's own if none was."""
    offered = languages(line)
    chosen = int(line.keys) - 1 if KEY.fullmatch(line.keys) else 0
    tag = offered[chosen] if 0 <= chosen < len(offered) else offered[0]
    return menu(line.at(Turn(tag)))


def menu(line: Line, *before: str) -> str:
    """What somebody calls for. Whoever chooses nothing can speak all the same."""
    tries = line.turn.tries
    if tries == MOST_TRIES:
        return talk(line.at(line.turn.on(tries=0)))
    again = line.to("menu", line.turn.on(tries=tries + 1))
    return document(*before, ask_key(line.to("chosen", line.turn.on()), line.say("menu")), go_on(again))


def chosen(line: Line) -> str:
    """What was chosen at the menu."""
    if line.keys == FOLLOW:
        return follow(line)
    if line.keys == PERSON:
        return person(line)
    if line.keys not in KINDS:
        return menu(line.at(line.turn.on(tries=line.turn.tries + 1)), line.say("no_such_choice"))
    goes_on = line.at(line.turn.on(kind=KINDS[line.keys], tries=0))
    goes_on.take()
    return unit(goes_on)


def unit(line: Line, *before: str) -> str:
    """The unit, by keys."""
    if line.turn.tries == MOST_TRIES:
        return talk(line.at(line.turn.on(tries=0)), line.say("without_unit"))
    return document(*before, ask_keys(line.to("unit_given", line.turn.on()), line.say("ask_unit")))


def unit_given(line: Line) -> str:
    """The unit that was keyed in, read back."""
    if not line.keys:
        return talk(line.at(line.turn.on(tries=0)))
    found = unit_of(line.keys)
    if found is None:
        return unit(line.at(line.turn.on(tries=line.turn.tries + 1)), line.say("unit_not_understood"))
    parts = line.catalogue("voice.between_parts").join(spelled(part) for part in found.split("-"))
    read = line.to("unit_right", line.turn.on(unit=found))
    return document(ask_key(read, line.say("unit_read_back", unit=parts)), go_on(read))


def unit_right(line: Line) -> str:
    """Whether the unit is right: so it is if nobody says otherwise."""
    if line.keys == AGAIN:
        return unit(line.at(line.turn.on(unit=None, tries=line.turn.tries + 1)))
    line.take()
    return talk(line.at(line.turn.on(tries=0)))


def talk(line: Line, *before: str) -> str:
    """What it is about, in the caller's own words."""
    return document(
        *before,
        line.say("speak" if line.turn.unit else "speak_with_unit"),
        record(
            line.to("said", line.turn.on()),
            line.to("recorded", line.turn.on()),
            longest=LONGEST_SECONDS,
            silence=SILENCE_SECONDS,
        ),
        go_on(line.to("said", line.turn.on())),
    )


def said(line: Line) -> str:
    """What was said is on record; whoever said nothing is asked once more."""
    if line.recording is None and line.turn.tries == 0:
        return talk(line.at(line.turn.on(tries=1)), line.say("nothing_heard"))
    heard = line.at(line.turn.on(tries=0, spoke=line.recording is not None))
    if line.phone:
        return end(heard, line.recording)
    if line.recording is not None:
        line.take(recording=line.recording)
    return phone(heard)


def recorded(line: Line) -> str:
    """A recording can be fetched. It is the case's before its sound is there, which may be fetched later."""
    if line.recording is not None:
        line.take(recording=line.recording)
        fetch_recording(line.desk, line.exchange, line.recording)
    return document()


def phone(line: Line, *before: str) -> str:
    """The number of somebody whose number is not shown."""
    if line.turn.tries == MOST_TRIES:
        return end(line)
    return document(*before, ask_keys(line.to("phone_given", line.turn.on()), line.say("ask_phone")))


def phone_given(line: Line) -> str:
    """The number that was keyed in, read back."""
    if not line.keys:
        return end(line)
    found = line.stored(line.keys) if KEYS_OF_A_PHONE.fullmatch(line.keys) else None
    if found is None:
        return phone(line.at(line.turn.on(tries=line.turn.tries + 1)), line.say("phone_not_understood"))
    read = line.to("phone_right", line.turn.on(phone=found))
    return document(ask_key(read, line.say("phone_read_back", phone=spelled(line.keys))), go_on(read))


def phone_right(line: Line) -> str:
    """Whether the number is right: so it is if nobody says otherwise."""
    if line.keys == AGAIN:
        return phone(line.at(line.turn.on(phone=None, tries=line.turn.tries + 1)))
    return end(line)


def end(line: Line, recording: str | None = None) -> str:
    """The number of the case, twice, and good-bye; who has said nothing is called back."""
    receipt = line.take(recording=recording, finished=line.turn.spoke)
    if receipt is None and line.context.community.closed:
        return document(line.closed(), HANG_UP)
    if receipt is None or not line.turn.spoke:
        back = [line.say("call_back", phone=spoken_phone(line.phone))] if line.phone else []
        return document(*back, line.say("goodbye"), HANG_UP)
    number, known = spoken_number(receipt.case.number, line.catalogue), receipt.case.report.phone
    will_call = [line.say("will_call", phone=spoken_phone(known))] if known else []
    return document(line.say("registered", number=number), *will_call, line.say("goodbye"), HANG_UP)


def follow(line: Line) -> str:
    """How the caller's own open cases stand: those of the number that calls."""
    cases = asked_cases(line.desk, line.context.community.id, line.shown_phone, None, line.catalogue)
    if not cases:
        return menu(line.at(line.turn.on(tries=line.turn.tries + 1)), line.say("nothing_open"))
    line.is_answered()
    read = [line.aloud(case.say) for case in cases]
    again = line.to("followed", line.turn.on())
    return document(*read, ask_key(again, line.say("after_cases")), line.say("goodbye"), HANG_UP)


def followed(line: Line) -> str:
    """What somebody wants who has heard how it stands."""
    if line.keys == PERSON:
        return person(line)
    return follow(line) if line.keys == ONCE_MORE else document(line.say("goodbye"), HANG_UP)


def person(line: Line) -> str:
    """Somebody of the desk who is on duty; whoever cannot be connected leaves a message."""
    number = number_on_duty(line.context.community, line.desk.now())
    if number is None:
        return talk(line, line.say("nobody_there"))
    connected = dial(number, line.to("dialled", line.turn.on()), seconds=RING_SECONDS)
    return document(line.say("connecting"), connected)


def dialled(line: Line) -> str:
    """What became of the attempt: who spoke with somebody has been answered."""
    if line.dialled in {"completed", "answered"}:
        line.is_answered()
        return document(HANG_UP)
    return talk(line.at(line.turn.on(tries=0)), line.say("nobody_there"))


def ended(line: Line) -> None:
    """The call is over: whoever has not come to an end, and can be called, is called back."""
    if line.form.get("CallStatus") not in LIVING:
        line.take()


STEPS: Mapping[str, Callable[[Line], str]] = {
    step.__name__: step
    for step in (
        language, menu, chosen, unit, unit_given, unit_right, talk, said, recorded, phone, phone_given,
        phone_right, follow, followed, person, dialled,
    )
}  # fmt: skip
"""What can stand in an address as a step."""
