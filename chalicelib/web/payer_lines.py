"""Who pays for a repair and why, and what was lost, in words (B13, B16, G12)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.money import yuan
from chalicelib.domain.work.common_parts import is_nobodys_own
from chalicelib.web.formats import short, whole_day
from chalicelib.web.words import Words


def payer_line(payer: ev.PayerFound | None, context: Context, words: Words) -> str:
    """Who pays, with the warranty and the rule that say so; empty where nobody has found or said it."""
    if payer is None:
        return ""
    until = whole_day(payer.until, words)
    component = component_name(payer.component or "", context, words)
    rule = _how_long(payer.component or "", context, words)
    match payer.because:
        case "repair":
            months = context.regulation.warranty.repair.months
            return words("payer.repair", of=payer.of, until=until, months=months)
        case "not_accepted":
            return words("payer.not_accepted", of=payer.of)
        case "construction":
            return words("payer.construction", component=component, until=until, rule=rule)
        case "maybe_repair":
            return words("payer.maybe_repair", of=payer.of, until=until)
        case "maybe_construction":
            return words("payer.maybe_construction", component=component, until=until, rule=rule)
        case "over":
            who = words.name("payers", payer.payer)
            return words("payer.over", payer=who, component=component, until=until, rule=rule)
        case "no_handover" | "uncovered":
            return words(f"payer.{payer.because}", payer=words.name("payers", payer.payer))
        case _:
            return words("payer.stated", payer=words.name("payers", payer.payer), reason=payer.reason or "–")


def payer_of_repair(case: Case, context: Context, words: Words) -> str:
    """As `payer_line`; of a home's repair of which nothing is known, that it is the owner so far (G12).

    Of a common part nothing is said until it has been looked up, in seconds.
    """
    of_a_home = case.classification.kind == "repair" and not is_nobodys_own(case, context.regulation.warranty)
    return payer_line(case.payer, context, words) or (words("payer.not_found") if of_a_home else "")


def _how_long(component: str, context: Context, words: Words) -> str:
    """How long the warranty of a part lasts from the handover (G12)."""
    parts = context.regulation.warranty.construction
    part = next((part for part in parts if part.component == component), None)
    if part is None:
        return words("page.none")
    if part.seasons:
        return words("payer.seasons", n=str(part.seasons))
    return words("payer.years", n=str(part.years))


def component_name(component: str, context: Context, words: Words) -> str:
    """The name of a part of the building, as the regulation has it."""
    parts = context.regulation.warranty.construction
    names = next((part.names for part in parts if part.component == component), None)
    return words.of(names) if names else component


def loss_line(loss: ev.LossRecorded | None, zone: str, words: Words) -> str:
    """What was lost, what it is worth, who is liable; who agreed to it, when and how (B16)."""
    if loss is None:
        return ""
    agreed = words("payer.agreed" if loss.agreed else "payer.not_agreed")
    if loss.spoken_to and loss.spoken_at and loss.manner:
        at, manner = short(loss.spoken_at, zone, words), words.name("manners", loss.manner)
        agreed = words("payer.agreed_by", name=loss.spoken_to, at=at, manner=manner)
    return words("payer.loss", yuan=yuan(loss.amount_fen), what=loss.what, party=loss.party, agreed=agreed)
