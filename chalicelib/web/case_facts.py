"""All that the desk knows of a case, a line each."""

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.recordings import NAME
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import decider, name_of
from chalicelib.domain.notices.kinds import RESIDENT_ID
from chalicelib.domain.work.suggestion import SUGGESTION
from chalicelib.domain.work.verification import UNTRUE
from chalicelib.services.views.notice_view import is_mail_returned
from chalicelib.services.views.staff_view import CaseView
from chalicelib.web.care_line import care_of_case
from chalicelib.web.case_lines import (
    appointment_line,
    returned_line,
)
from chalicelib.web.form_choices import department_name
from chalicelib.web.formats import phone_dialled, phone_shown, spoken
from chalicelib.web.history_details import revisit_line
from chalicelib.web.measure_lines import measures_said
from chalicelib.web.payer_lines import loss_line, payer_of_repair
from chalicelib.web.sign_off_lines import plan_check_line, sign_off_line
from chalicelib.web.words import Words, named_languages


def _nature(case: Case, words: Words) -> str:
    """The nature of a complaint; none of one that was found untrue, which nobody calls valid."""
    about = case.classification
    is_said = about.kind == "complaint" and case.work.finding != UNTRUE
    return words.name("natures", about.nature) if is_said else ""


def case_facts(view: CaseView, case: Case, words: Words) -> tuple[tuple[str, str, str], ...]:
    """(what, value, link) of everything that is known of the case; what is not known is left out."""
    context, about = wiring.desk().context_of(case), view.classification
    values = (
        ("unit", words("page.not_known") if view.unit is None else view.unit),
        ("resident", words("page.not_known") if view.resident_name is None else view.resident_name),
        ("phone", _phone(view, context.community.country, words)),
        ("email", _email(view, words)),
        ("language", dict(named_languages()).get(case.report.language)),
        ("kind", words.name("kinds", about.kind)),
        ("matter", view.matter_name),
        ("category", words.name("categories", about.category)),
        ("department", department_name(about.department, context.community, words)),
        ("urgency", words.name("urgencies", about.urgency)),
        ("severity", words.name("severities", about.severity)),
        ("care_of", words.listed(care_of_case(view, words)) if about.care else ""),
        ("complexity", words.name("complexities", about.complexity)),
        ("nature", _nature(case, words)),
        ("channel", words.name("channels", view.channel)),
        ("taken_by", _person(view.taken_by, case, words)),
        ("answerable", _first_asked(view.answerable, case, words)),
        ("handler", _responsible(view, case, words)),
        ("appointment", appointment_line(view, view.zone, words)),
        ("chargeable", words("page.yes") if view.chargeable else ""),
        ("payer", payer_of_repair(case, context, words)),
        ("loss", loss_line(view.loss, view.zone, words)),
        ("measures", measures_said(case, context, words)),
        ("plan_check", plan_check_line(case, context, words)),
        ("sign_off", sign_off_line(case, context, words)),
        (
            "contacted_at",
            spoken(view.contacted_at, view.zone, words) if view.contacted_at else words("page.not_known"),
        ),
        ("registered_at", spoken(view.registered_at, view.zone, words)),
        ("about", _about(view, words)),
        ("about_person", view.about_person),
        ("against", view.against),
        ("course_of_events", view.course_of_events),
        ("witnesses", view.witnesses),
        ("evidence", "\n".join(view.evidence)),
        ("recordings", "\n".join(name for name in view.recordings if not NAME.fullmatch(name))),
        ("left_out", "\n".join(view.left_out)),
        ("adopted", _adopted(case, words)),
        ("returned", returned_line(case, words)),
        ("revisit", revisit_line(case, context, words)),
        ("follows", view.follows),
        ("in_writing", words("page.yes") if view.in_writing else ""),
        ("regulation", words.of(context.regulation.names)),
    )
    links = {"phone": phone_dialled(view.phone)} if view.phone and not view.contact_hidden else {}
    return tuple((words(f"case.{name}"), value, links.get(name, "")) for name, value in values if value)


def _phone(view: CaseView, country: str, words: Words) -> str:
    if view.phone is None or view.contact_hidden:
        return view.phone or ""
    return phone_shown(view.phone, country, words)


def _email(view: CaseView, words: Words) -> str | None:
    """The mail address, and that mails to it come back (G8)."""
    if view.email is None or not is_mail_returned(view.notices or ()):
        return view.email
    return words("case.email_returned", email=view.email)


def _about(view: CaseView, words: Words) -> str:
    """Whom of the staff it is about (G13), by name."""
    if view.about_unknown:
        return words("case.about_unknown")
    context = wiring.desk().context(wiring.desk().directory.community(view.community))
    return words.listed(name_of(username, context) for username in view.about)


def _responsible(view: CaseView, case: Case, words: Words) -> str:
    """Whose the case is now: whoever decides on an objection, else its handler (B1)."""
    decides = decider(case, wiring.desk().context_of(case).community, wiring.desk().now())
    return (decides.name if decides else view.handler_name) or words("page.unknown_person")


def _adopted(case: Case, words: Words) -> str:
    """What the manager decided on a suggestion, and whether it may be named (A13)."""
    if case.classification.kind != SUGGESTION:
        return ""
    named = words("case.may_be_named" if case.report.may_be_named else "case.may_not_be_named")
    if case.work.adopted is None:
        return named
    decided = words("case.suggestion_adopted" if case.work.adopted else "case.suggestion_declined")
    return f"{decided}{words('page.between_sentences')}{named}" if case.work.adopted else decided


def _person(username: str, case: Case, words: Words) -> str:
    """Staff by name; a machine by what it is; a resident took the own report in."""
    if username == RESIDENT_ID:
        return words("case.by_oneself")
    if username in {role.value for role in Role}:
        return words.role(username)
    return name_of(username, wiring.desk().context_of(case))


def _first_asked(username: str, case: Case, words: Words) -> str:
    """Who answers for the case (A9); for a report that no colleague took in, the desk does."""
    if username == RESIDENT_ID:
        return department_name("desk", wiring.desk().context_of(case).community, words)
    return _person(username, case, words)
