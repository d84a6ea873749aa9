"""Each place from which a case's way calls AWS fails once; retried, nothing is lost and nothing doubled.

A place is a call with the way through the code that leads to it: it fails the first time it is reached, a
transaction in each step, for what it writes is another one each time. "before" its effect every call fails;
"after" it those that write, since one that reads fails in the same way both times. Nobody has to die before a
call: that is to die after the last one that wrote.

What retries is what retries in production: the resident sends the report again, staff press the button
again, the stream delivers again what failed, Step Functions calls its task again, and reconcile runs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import boto3
import pytest
from botocore.exceptions import BotoCoreError
from moto import mock_aws
from moto.sns.models import sns_backends
from pynamodb.exceptions import PynamoDBException

from chalicelib import tasks, wiring
from chalicelib.adapters.dynamo.directory_admin import put_community
from chalicelib.adapters.dynamo.tables import CONNECTION, CaseRow, DirectoryRow, FigureRow, LinkRow
from chalicelib.adapters.mail import SesMail
from chalicelib.adapters.sms import SnsSms
from chalicelib.adapters.workflow import StepFunctions
from chalicelib.adapters.workflow import client as sfn_client
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.links import Link, Purpose, link_for
from chalicelib.domain.case.numbering import missing_serials
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.notices.kinds import ONCE_ONLY, NoticeChannel
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.sign_off import SignOffForm
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.records import StoredNotice
from chalicelib.services.workflows.tasks import Workflows
from chalicelib.tasks.schedule import NotMendedError
from tests.builders import Office, community, office
from tests.conftest import ENVIRONMENT
from tests.integration.conftest import dynamo_stores
from tests.integration.faults import ACCOUNT, REGION, DiedError, Faults, Place, is_write, restore, snapshot
from tests.words import texts

Result = TypeVar("Result")

ENGINEER = Actor(Role.HANDLER, "engineering-1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "engineering-head")
TRIES = 4
TOKEN = "token of the task that waits for the signature"


@cache
def senders() -> tuple[SnsSms, SesMail]:
    """One client of each for all runs."""
    return SnsSms(), SesMail(ENVIRONMENT["MAIL_FROM"], ENVIRONMENT["MAIL_SET"])


def machine(kind: str) -> str:
    """A state machine that nobody runs; its ARN."""
    definition = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
    role = f"arn:aws-us-gov:iam::{ACCOUNT}:role/any"
    made = sfn_client().create_state_machine(name=f"test-{kind}", definition=definition, roleArn=role)
    return made["stateMachineArn"]


class Story:
    """A desk on the emulator, the steps of one case's way, and the faults that strike them."""

    def __init__(self, faults: Faults, place: Office, machines: dict[str, str]) -> None:
        self.faults = faults
        self.place = place
        self.machines = machines
        self.case: Case
        self.plan: dict[str, str | int] = {}
        self.delivered: frozenset[tuple[str, str]] = frozenset()
        self.steps: dict[str, Callable[[], object]] = {
            "intake": self.intake,
            "relay of the intake": self.relay,
            "assignment": self.assign,
            "keeping the token": self.keep_token,
            "relay of the assignment": self.relay,
            "signature": lambda: self.command("sign", SignForm("工程部甲")),
            "relay of the signature": self.relay,
            "start": lambda: self.command("start", NoteForm()),
            "completion": lambda: self.command("complete", CompleteForm("已换灯管", cause="灯管老化")),
            "relay of the completion": self.relay,
            "the head's signature": self.sign_off,
            "reconcile, the relay being late": self.quiesce,
            "relay of the head's signature": self.relay,
        }

    def again(self, act: Callable[[], Result]) -> Result:
        """Do something until it works, as whoever asked for it would."""
        for _ in range(TRIES):
            try:
                with self.faults.watching():
                    return act()
            except (DiedError, PynamoDBException, BotoCoreError, NotMendedError):
                continue
        raise AssertionError(f"never works: {self.faults.struck}")

    def intake(self) -> None:
        report = {"matter": "lighting_lock", "email": "wang@example.com"}
        self.case = self.again(lambda: self.place.register(key="the report", **report)).case

    def assign(self) -> None:
        self.plan = self.again(lambda: tasks.assign({"turn": self.turn(), "turns": 0}))

    def keep_token(self) -> None:
        event = {"turn": self.turn(), "plan": self.plan, "token": TOKEN}
        self.again(lambda: tasks.await_step(event))

    def turn(self) -> dict[str, str | int]:
        ids: dict[str, str | int] = {"community": "riverside", "number": self.case.number}
        return {**ids, "kind": "dispatch", "round": 1, "restart": 0}

    def command(self, name: str, form: object) -> None:
        """The handler gives a command, and presses the button again if no answer comes."""
        clicked = f"{name}, first click"
        self.again(lambda: self.place.do(self.case, name, ENGINEER, form, clicked, signed_off=False))

    def sign_off(self) -> None:
        """The head signs the result off, and presses the button again if no answer comes."""
        clicked, form = "sign_off_result, first click", SignOffForm()
        self.again(lambda: self.place.do(self.case, "sign_off_result", HEAD, form, clicked))

    def relay(self) -> None:
        """Deliver what the stream holds, again from the first failure on, until all of it is taken."""
        records = self.stream()
        for _ in range(TRIES):
            event = {"Records": records}
            answer = self.again(lambda event=event: tasks.relay(event))  # type: ignore[misc]
            failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
            records = [record for record in records if record["dynamodb"]["SequenceNumber"] in failed]
            if not records:
                return
        raise AssertionError(f"never taken: {self.faults.struck}")

    def stream(self) -> list[dict[str, Any]]:
        """What the stream has not delivered yet: rows that were put, in the order of their keys."""
        client: Any = CONNECTION.client
        items = client.scan(TableName=ENVIRONMENT["CASES_TABLE"], ConsistentRead=True)["Items"]
        rows = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        fresh = sorted(
            key for key in rows if key[1].startswith(("EVENT#", "NOTICE#")) and key not in self.delivered
        )
        self.delivered |= frozenset(fresh)
        return [
            {
                "eventName": "INSERT",
                "dynamodb": {
                    "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
                    "NewImage": rows[pk, sk],
                    "SequenceNumber": f"{pk}#{sk}",
                },
            }
            for pk, sk in fresh
        ]

    def quiesce(self) -> None:
        """Some minutes go by, and the schedule's sweep comes round."""
        self.place.clock.advance(timedelta(minutes=10))
        self.again(lambda: tasks.reconcile({"started_by": "test"}))

    # ---- what is seen in the end ----------------------------------------------------------------------

    def seen(self) -> dict[str, Any]:
        """What must be the same whether or not something failed on the way, whatever number the case has."""
        number = self.case.number
        stores = self.place.stores
        notices = stores.notices.of_case("riverside", number)
        return {
            "events": [event.type for event in stores.cases.events("riverside", number)],
            "notices": [notice.notice.key for notice in notices],
            "figures": stores.figures.month("riverside", "202611"),
            "executions": [name.replace(number, "") for name in self.executions()],
            "answered": self.faults.answered_tokens[:],
        }

    def executions(self) -> list[str]:
        found = (sfn_client().list_executions(stateMachineArn=machine) for machine in self.machines.values())
        return [execution["name"] for page in found for execution in page["executions"]]

    def links(self) -> list[Link]:
        """The links that the case must have, as it stands."""
        purposes = [Purpose.TRACK]
        purposes += [Purpose.WORK] * (self.case.assignment.handler is not None)
        purposes += [Purpose.RATE] * (self.case.work.completed_at is not None)
        days = self.place.desk.context_of(self.case).regulation.survey.link_days
        return [link_for(self.case, purpose, days) for purpose in purposes]


def check(story: Story) -> None:
    """The invariants of the register (the sameness of what happened is compared by the caller)."""
    place, struck = story.place, story.faults.struck
    story.case = case = place.case(story.case)
    history = place.stores.cases.events("riverside", case.number)
    assert fold(history, "riverside", case.number) == case, struck

    lines = place.stores.cases.register("riverside", "202611", 9, None).items
    assert [line.number for line in lines] == [case.number], struck
    book = place.stores.cases.serials("riverside", "202611")
    assert missing_serials(book.present, book.counter) == (), struck

    figures = place.stores.figures.month("riverside", "202611")
    counted = {(row, name): amount for row, figure in figures.items() for name, amount in figure.items()}
    assert counted == recount([case]), struck

    for link in story.links():
        assert place.stores.links.find(place.codes.hash(place.codes.code(link))) == link, struck
    check_messages(story)


def check_messages(story: Story) -> None:
    """Each notice has left, once; one whose marking was struck perhaps twice, but a survey never."""
    place, struck = story.place, story.faults.struck
    notices = place.stores.notices.of_case("riverside", story.case.number)
    not_marked = [notice for notice in notices if notice.status != "sent"]
    assert len(not_marked) <= (struck is not None), (struck, not_marked)
    for notice in not_marked:
        assert is_explained(notice), (struck, notice)

    by_phone = sent_sms()
    here = place.desk.directory.community("riverside")
    phones = {
        "resident": story.case.report.phone,
        **{name: person.phone for name in (ENGINEER.id, HEAD.id) if (person := here.member(name))},
    }
    due = Counter(
        phones[notice.notice.recipient] for notice in notices if notice.notice.channel is NoticeChannel.SMS
    )
    assert set(by_phone) <= set(due), struck
    for phone, count in due.items():
        assert count - len(not_marked) <= by_phone[phone] <= count + 1, (struck, phone)
    assert by_phone.total() <= due.total() + 1, struck
    for link in story.links():
        if link.purpose is Purpose.RATE:
            assert sent_sms(place.codes.code(link)).total() <= 1, f"two surveys: {struck}"


def is_explained(stored: StoredNotice) -> bool:
    """Failed because nobody knows whether a survey left, or claimed by whoever died and pointless since."""
    if stored.status == "failed":
        return stored.notice.kind in ONCE_ONLY and stored.attempts == 1
    return stored.status == "skipped" and stored.attempts == 1


def sent_sms(text: str = "") -> Counter[str]:
    """Phone → how many SMS with that text in them have left."""
    sent = sns_backends[ACCOUNT][REGION].sms_messages.values()
    return Counter(phone for phone, message in sent if text in message)


@pytest.fixture
def story() -> Iterator[Story]:
    """A desk on an empty emulator."""
    faults = Faults()
    with mock_aws(), pytest.MonkeyPatch.context() as monkeypatch:
        for model in (CaseRow, DirectoryRow, FigureRow, LinkRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        put_community(community())
        boto3.client("sesv2").create_email_identity(EmailIdentity=ENVIRONMENT["MAIL_FROM"])
        machines = {kind: machine(kind) for kind in ("dispatch", "revisit")}
        place = office(stores=dynamo_stores)
        place.desk.directory.community("riverside")
        workflows = Workflows(place.desk, place.stores.waiting, StepFunctions(machines))
        delivery = Delivery(
            place.desk, place.stores.notices, *senders(), ENVIRONMENT["PUBLIC_BASE_URL"], texts
        )
        wiring.use(desk=place.desk, workflows=workflows, delivery=delivery)
        faults.install(monkeypatch)
        yield Story(faults, place, machines)
    wiring.use()


@pytest.mark.req("A4", "A11", "B2", "D1", "G3")
@pytest.mark.parametrize(("when", "how"), [("before", "lost"), ("after", "lost"), ("after", "died")])
def test_no_call_can_fail_so_that_something_is_lost_or_doubled(story: Story, when: str, how: str) -> None:
    all_calls: list[str] = []
    struck_before: set[Place] = set()
    for name, step in story.steps.items():
        back = begin_anew(story)
        step()
        calls, fresh = story.faults.calls[:], fresh_places(story.faults.places, name, struck_before)
        all_calls += calls
        ahead = begin_anew(story)
        story.quiesce()
        check(story)
        expected = story.seen()
        for at in fresh:
            if when == "after" and not is_write(calls[at]):
                continue
            back()
            story.faults.plan(at, when, how)
            step()
            story.quiesce()
            assert story.faults.struck, f"{name}: call {at} was never made"
            check(story)
            assert story.seen() == expected, f"{name}: {story.faults.struck}"
        ahead()
    assert story.place.case(story.case).state == "completed"
    assert {"UpdateItem", "TransactWriteItems", "StartExecution", "SendTaskSuccess", "Publish"} <= set(
        all_calls
    )


def fresh_places(places: list[Place], step: str, known: set[Place]) -> list[int]:
    """Which calls of a step are made from a place that is not known yet; they are known from then on."""
    fresh = []
    for at, place in enumerate(places):
        told_apart = (step, *place) if place[0] == "TransactWriteItems" else place
        if told_apart not in known:
            known.add(told_apart)
            fresh.append(at)
    return fresh


def begin_anew(story: Story) -> Callable[[], None]:
    """Forget the faults, and remember how everything stands; call the result to be back there."""
    story.faults.plan(-1, "", "")
    kept, at = snapshot(), story.place.clock()
    case, plan, delivered = getattr(story, "case", None), story.plan, story.delivered
    answered = story.faults.answered_tokens[:]

    def back() -> None:
        restore(kept)
        story.place.clock.set(at)
        story.plan, story.delivered = plan, delivered
        story.faults.answered_tokens = answered[:]
        story.faults.plan(-1, "", "")
        if case is not None:
            story.case = case

    return back
