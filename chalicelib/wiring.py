"""The one place that names concrete adapters: each made when first needed, and imported by what makes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from chalicelib.services.access.stranger_limits import RateLimits, rate_limits_of
from chalicelib.services.desk import Desk
from chalicelib.settings import settings

if TYPE_CHECKING:
    from chalicelib.domain.notices.templates import Texts
    from chalicelib.services.account_port import AccountStore
    from chalicelib.services.book.entries import BookStore
    from chalicelib.services.findings.records import FindingStore
    from chalicelib.services.gate import Gate
    from chalicelib.services.identity_port import Identity
    from chalicelib.services.intake.merged import Incidents
    from chalicelib.services.notices.delivery import Delivery
    from chalicelib.services.notices.sms_budgets import Budgets
    from chalicelib.services.ports import NoticeStore
    from chalicelib.services.providers import CallerKeys, Exchange, Languages
    from chalicelib.services.staff_port import Keepers
    from chalicelib.services.workflows.outbox import Outbox
    from chalicelib.services.workflows.reconcile import Reconciliation
    from chalicelib.services.workflows.tasks import Workflows

NOTICES_IN = "zh-CN"
"""The language in which staff are written to, and residents of whom no other is known."""

_instead: dict[str, Any] = {}


def use(**parts: Any) -> None:
    """Tests only: these parts stand in for what functions of their names give; `use()` restores all."""
    _instead.clear()
    _instead.update(parts)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def base_url() -> str:
    """The address that people reach the desk under, without a slash at its end."""
    return cast(str, _instead["base_url"]) if "base_url" in _instead else settings().public_base_url


def desk() -> Desk:
    """The desk on DynamoDB."""
    return cast(Desk, _instead["desk"]) if "desk" in _instead else _desk()


@cache
def words() -> Languages:
    """What people read, by language."""
    from chalicelib.adapters.word_files import WordFiles

    return WordFiles()


def notices() -> NoticeStore:
    """The notices beside their cases."""
    from chalicelib.adapters.dynamo.notices import DynamoNotices

    return cast("NoticeStore", _instead["notices"]) if "notices" in _instead else DynamoNotices()


def identity() -> Identity:
    """The user pool."""
    return cast("Identity", _instead["identity"]) if "identity" in _instead else _identity()


def keepers() -> Keepers:
    """What those work with who keep staff."""
    from chalicelib.adapters.accounts import keepers_of

    return cast("Keepers", _instead["keepers"]) if "keepers" in _instead else keepers_of(settings())


def workflows() -> Workflows:
    """The tasks of the state machines."""
    return cast("Workflows", _instead["workflows"]) if "workflows" in _instead else _workflows()


def delivery() -> Delivery:
    """The sending of notices."""
    return cast("Delivery", _instead["delivery"]) if "delivery" in _instead else _delivery()


def incidents() -> Incidents:
    """What follows for cases that were merged."""
    from chalicelib.services.intake.merged import Incidents

    return cast(Incidents, _instead["incidents"]) if "incidents" in _instead else Incidents(desk())


def outbox() -> Outbox:
    """What follows the stream of the cases."""
    from chalicelib.services.workflows.outbox import Outbox

    return Outbox(workflows(), delivery(), incidents())


def reconciliation() -> Reconciliation:
    """What finds whatever was lost."""
    from chalicelib.services.workflows.reconcile import Reconciliation

    return Reconciliation(workflows(), delivery())


def exchange() -> Exchange:
    """The telephone exchange that calls come by."""
    from chalicelib.adapters.exchange import exchange_of

    return cast("Exchange", _instead["exchange"]) if "exchange" in _instead else exchange_of(settings())


def book() -> BookStore:
    """The answer books."""
    from chalicelib.adapters.dynamo.book import DynamoBook

    return cast("BookStore", _instead["book"]) if "book" in _instead else DynamoBook()


def findings() -> FindingStore:
    """The findings on staff."""
    from chalicelib.adapters.dynamo.findings import DynamoFindings

    return cast("FindingStore", _instead.get("findings") or DynamoFindings())


def accounts() -> AccountStore:
    """The accounts of the months."""
    from chalicelib.adapters.dynamo.accounts import DynamoAccounts

    return cast("AccountStore", _instead.get("accounts") or DynamoAccounts())


def caller_keys() -> CallerKeys:
    """The keys of the machines that sign what they send."""
    from chalicelib.adapters.caller_keys import caller_keys_from_secret

    return _instead.get("caller_keys") or caller_keys_from_secret(settings().secret_id)


def rate_limits() -> RateLimits:
    """How much a stranger may do."""
    return rate_limits_of(settings().intakes_per_address, settings().intakes_per_phone)


def second_factor() -> str:
    """Whether this deployment asks for a second factor: `off`, `offered`, or `required` of leaders."""
    return cast(str, _instead["second_factor"]) if "second_factor" in _instead else settings().second_factor


def budgets() -> Budgets:
    """What SMS may cost."""
    from chalicelib.services.notices.sms_budgets import budgets_of

    return budgets_of(settings())


def gate() -> Gate:
    """What strangers pass with a report; its challenge is the deployment's choice."""
    from chalicelib.adapters.challenge import NoChallenge, ProofOfWork
    from chalicelib.services.gate import Gate

    if "gate" in _instead:
        return cast(Gate, _instead["gate"])
    is_off = "desk" in _instead or settings().challenge == "off"
    return Gate(desk(), NoChallenge() if is_off else ProofOfWork(desk().codes.keyed), budgets())


def is_outage(error: BaseException) -> bool:
    """Whether an error is one of AWS's that passes by itself."""
    from chalicelib.adapters.outages import is_outage as passes

    return passes(error)


@cache
def _desk() -> Desk:
    from chalicelib.adapters import bedrock, bucket, calendars, codes, lexicon_file, regulation_files
    from chalicelib.adapters import unwanted_file as unwanted
    from chalicelib.adapters.dynamo import cases, directory, figures, households, links, looks, people, search
    from chalicelib.services.intake.triage import Reader

    return Desk(
        cases=cases.DynamoCases(now),
        directory=directory.DynamoDirectory(),
        figures=figures.DynamoFigures(),
        links=links.DynamoLinks(),
        looks=looks.DynamoLooks(timedelta(days=settings().looks_kept_days)),
        search=search.DynamoSearch(),
        people=people.DynamoPeople(),
        regulations=regulation_files.RegulationFiles(),
        calendars=calendars.CommunityCalendars(),
        codes=codes.codes_from_secret(settings().secret_id),
        now=now,
        recordings=bucket.S3Recordings(settings().recordings_bucket),
        files=bucket.S3Files(settings().recordings_bucket, settings().aws_region),
        households=households.DynamoHouseholds(),
        reads=Reader(lexicon_file.lexicon_from_file, bedrock.model_behind(settings().triage_model)),
        unwanted=unwanted.unwanted_from_file,
    )


@cache
def _identity() -> Identity:
    from chalicelib.adapters.identity import CognitoIdentity

    return CognitoIdentity(settings().user_pool_id, settings().user_pool_client_id, settings().aws_region)


@cache
def _workflows() -> Workflows:
    from chalicelib.adapters.dynamo.waiting import DynamoWaiting
    from chalicelib.adapters.workflow import StepFunctions
    from chalicelib.services.workflows.tasks import Workflows

    machines = {"dispatch": settings().dispatch_machine_arn, "revisit": settings().revisit_machine_arn}
    return Workflows(desk(), DynamoWaiting(), StepFunctions(machines))


@cache
def _notice_texts(language: str = NOTICES_IN) -> Texts:
    from chalicelib.adapters.notice_texts import texts_in

    return texts_in(words(), language, NOTICES_IN)


@cache
def _delivery() -> Delivery:
    from chalicelib.adapters.mail import SesMail
    from chalicelib.adapters.sms import SnsSms
    from chalicelib.services.notices.delivery import Delivery

    senders = SnsSms(settings().sms_max_price_usd), SesMail(settings().mail_from, settings().mail_set)
    return Delivery(desk(), notices(), *senders, settings().public_base_url, _notice_texts, budgets())
