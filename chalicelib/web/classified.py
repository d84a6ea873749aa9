"""A classification in one line, on cases and in histories (A8)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context
from chalicelib.web.words import Words


def standing_out(urgency: str, severity: str, words: Words) -> tuple[str, ...]:
    """Urgency and severity in words, as far as they are out of the ordinary."""
    said = (
        "" if urgency == "normal" else words.name("urgencies", urgency),
        "" if severity == "general" else words.name("severities", severity),
    )
    return tuple(word for word in said if word)


def ranked(urgency: str, severity: str, words: Words) -> tuple[str, ...]:
    """The same; one word where neither is out of the ordinary."""
    return standing_out(urgency, severity, words) or (words.name("urgencies", urgency),)


def classified(about: ev.Classification, context: Context, words: Words) -> str:
    """A classification in one line: kind, matter, urgency, severity, a complaint's nature, need for care."""
    matter = context.regulation.names_of_matter(about.matter)
    return " · ".join(
        (
            words.name("kinds", about.kind),
            words.of(matter) if matter else about.matter,
            *ranked(about.urgency, about.severity, words),
            *((words.name("natures", about.nature),) if about.kind == "complaint" else ()),
            *((words("case.care"),) if about.care else ()),
        )
    )
