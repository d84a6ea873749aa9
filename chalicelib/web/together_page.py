"""Several cases handed to somebody at once: pick, say to whom, look what would become of each, do it (B2)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from chalice.app import Response
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.case_line import due_next
from chalicelib.services.dispatch.together import Result, Step, Wish, doubts, foreseen, hand_over, picked
from chalicelib.services.intake.merged import carry_out
from chalicelib.services.views.lists import scopes_of
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import due_name
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_fields import Field, fields_of
from chalicelib.web.form_input import Typed, read
from chalicelib.web.form_submit import why_not
from chalicelib.web.list_rows import countdown
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

PICKS, STEP = "picks", "step"
"""The fields with the numbers that were ticked, and with what the pressed button asks for."""
EDIT, LOOK, DO = "edit", "look", "do"


def numbers_in(text: str) -> list[str]:
    """The numbers that a form carries in one field."""
    return text.split()


def together_page(
    reader: Reader,
    visit: Visit,
    numbers: Iterable[str],
    typed: Typed | None = None,
    *,
    mistakes: Mapping[str, str] | None = None,
    sentence: str = "",
    status: int = 200,
) -> Response:
    """The cases that were ticked, and the form that says what is wanted of them."""
    wanted = list(numbers)
    found = picked(wiring.desk(), visit.member, wanted) if wanted else ()
    fields = _fields(visit, reader.words)
    said = {"fields": fields, "values": typed or {}, "mistakes": mistakes or {}, "sentence": sentence}
    return _page(reader, visit, found, status, **said)


def together_step(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """A step of the form: what would become of each case, what became of it, or back to what was typed."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    numbers, step = numbers_in(typed.get(PICKS, "")), typed.get(STEP, LOOK)
    fields = _fields(visit, words)
    given = read(fields, typed, member.community.zone, words)
    if step == EDIT or not numbers:
        return together_page(reader, visit, numbers, typed)
    if given.mistakes:
        return together_page(reader, visit, numbers, typed, mistakes=given.mistakes, status=400)
    try:
        wish = Wish(**given.values)
        wish.forms()
    except InvalidInputError as error:
        said = refusal(error, member.community.zone, words)
        return together_page(reader, visit, numbers, typed, sentence=said, status=400)
    done = step == DO
    if done:
        key = typed.get(KEY_FIELD) or uuid4().hex
        found = hand_over(desk, member, numbers, wish, key, lambda *given: carry_out(desk, *given))
    else:
        found = foreseen(desk, member, numbers, wish)
    again = [result.number for result in found if not result.begun]
    facts = [(field.label, _said(field, given.values[field.name])) for field in fields]
    return _page(
        reader,
        visit,
        found,
        done=done,
        tried=True,
        wish=wish,
        counted=_counted(found, words, done=done),
        facts=[(label, said) for label, said in facts if said],
        hidden={field.name: typed.get(field.name, "") for field in fields},
        again=again,
        form_key=typed.get(KEY_FIELD, "") if done else "",
    )


def _page(reader: Reader, visit: Visit, found: Iterable[Result], status: int = 200, **said: Any) -> Response:
    words, home = reader.words, f"desk/{visit.member.community.id}"
    results = tuple(found)
    here = f"{home}/reassign"
    done, wish = bool(said.get("done")), said.pop("wish", None)
    unless: dict[str, Any] = {
        "fields": (), "values": {}, "mistakes": {}, "sentence": "",
        "done": False, "tried": False, "counted": "", "facts": (), "hidden": {}, "again": (), "form_key": "",
    }  # fmt: skip
    return page(
        reader,
        "together.html",
        status,
        **framed(reader, visit, ""),
        **{**unless, **said},
        title=words("together.title"),
        lines=[_line(result, visit, words, wish, done=done) for result in results],
        picks=" ".join(result.number for result in results),
        list_path=f"{home}?list={scopes_of(visit.member)[0]}",
        case_path=f"{home}/cases",
        here_path=here,
        here=f"{reader.root}{here}",
    )


def _fields(visit: Visit, words: Words) -> tuple[Field, ...]:
    """Who gets them, of which department, how urgent they are: one of it; and why."""
    context = wiring.desk().context(visit.member.community)
    of_assign = {field.name: field for field in fields_of(AssignForm, "assign", context, words)}
    (urgency,) = fields_of(ClassifyForm, "classify", context, words, {"urgency"})
    optional = [replace(of_assign[name], required=False) for name in ("handler", "department")]
    unchanged = words("together.unchanged")
    return (
        *(replace(field, empty=unchanged, hint="") for field in (*optional, urgency)),
        replace(of_assign["reason"], label=words("fields.reason")),  # of whichever of them is changed
    )


def _said(field: Field, value: str | None) -> str:
    return dict(field.choices).get(value or "", value or "")


def _line(result: Result, visit: Visit, words: Words, wish: Wish | None, *, done: bool) -> dict[str, Any]:
    """A case without who reported it: what is due, and what becomes of it."""
    case = result.case
    outcomes = [_outcome(result, step, visit, words, done=done) for step in result.steps]
    if wish is not None and not done:
        outcomes += [(words(f"together.{said}"), True) for said in doubts(wiring.desk(), result, wish)]
    if not result.begun:
        outcomes.append((words("together.not_begun"), True))
    line = {
        "number": result.number,
        "outcomes": outcomes,
        "matter": "",
        "state": "",
        "handler": "",
        "due": "",
    }
    if case is None:
        return {**line, "outcomes": outcomes or [(words("refusals.no_such_case"), True)]}
    context = wiring.desk().context_of(case)
    matter = context.regulation.names_of_matter(case.classification.matter)
    handler = case.assignment.handler
    return {
        **line,
        "matter": words.of(matter) if matter else case.classification.matter,
        "state": state_name(case.state, case.classification.matter, words),
        "handler": name_of(handler, context) if handler else words("page.unknown_person"),
        **_due(case, context, words),
    }


def _due(case: Case, context: Context, words: Words) -> dict[str, Any]:
    """What is due next of a case, as the lists say it; empty in a pause."""
    due_at, due_for = due_next(case, context)
    if due_at is None or due_for is None or case.clocks.pause is not None:
        return {"due": ""}
    left = countdown(due_at, wiring.desk().now(), words)
    return {"due": f"{due_name(due_for, words)} {left.said}", "late": left.over}


def _outcome(result: Result, step: Step, visit: Visit, words: Words, *, done: bool) -> tuple[str, bool]:
    """A sentence, and whether it is a refusal."""
    what = words.command(step.command)
    if step.refused is None:
        return words("together.done" if done else "together.would_be", command=what), False
    if result.case is None or isinstance(step.refused, NotFoundError):
        return words("refusals.no_such_case"), True
    if step.unchanged:
        return words("together.same_urgency"), False
    why = why_not(step.refused, result.case, step.command, words)
    return words("page.not_done", command=what) + words("page.between_sentences") + why, True


def _counted(found: Iterable[Result], words: Words, *, done: bool) -> str:
    results = tuple(found)
    well = sum(result.well for result in results)
    key = "together.were_done" if done else "together.can_be_done"
    return words(key, well=str(well), others=str(len(results) - well), all=str(len(results)))
