"""Whether somebody still has to call back: a call that broke off (A1)."""

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


class CallBack(Struct, frozen=True):
    """The call that is owed to whoever called: a report whose call has not come to its end.

    `tried` is how often somebody called in vain.
    """

    owed: bool = False
    tried: int = 0


NO_CALL = CallBack()


def after(call_back: CallBack, event: ev.Event) -> CallBack:
    """The call that is owed after one more event."""
    match event.payload:
        case ev.Registered(report=report):
            return CallBack(report.unfinished)
        case (
            ev.FilledIn(finished=True)
            | ev.CalledBack(reached=True)
            | ev.Closed(reason=ev.CloseReason.UNREACHED)
        ):
            return replace(call_back, owed=False)
        case ev.CalledBack():
            return replace(call_back, tried=call_back.tried + 1)
        case _:
            return call_back


def filled(report: ev.Report, known: ev.FilledIn) -> ev.Report:
    """The report with what has become known of it."""
    said = [text for text in (report.text, known.text) if text is not None]
    return replace(
        report,
        text="\n".join(said) if said else None,
        unit=known.unit or report.unit,
        resident_name=known.resident_name or report.resident_name,
        phone=known.phone or report.phone,
        email=known.email or report.email,
        recordings=(*report.recordings, *known.recordings),
        left_out=(*report.left_out, *known.left_out),
    )
