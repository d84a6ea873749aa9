"""The four tables as PynamoDB sees them. infra/resources.yaml makes them; a test holds the two together.

cases      pk `{community}#{number}`, sk says what a row is:
           `CASE`                    the case as it stands, or why the number has none (`state` is "void")
           `CONTACT`                 what is personal in case and events, which only refer to it (contact.py)
           `EVENT#{version:06d}`     one event; `actor_role` and `event_type` beside it for the relay
           `NOTICE#{notice key}`     one notice and how far it got
           `BUNDLE#{notice key}`     notices too many for one transaction, until each has its row (bundles.py)
           `WAIT#{kind}#{round:03d}` where the workflow of a round stands, with its task token
           pk `{community}#incidents`, sk number key: a case that leads an incident, or led one
           pk `{community}#joined`, sk `{number key}#{number key}`: a case that was joined to the incident
             of the first, or left it (`state`)
           pk `{community}#findings`, sk `FINDING#{username}#{id}`: a finding on staff, or merit
           pk `{community}#BESIDE`, sk `HELD`: the names of the mails that wait; `FINDING#{id}`: what a
             finding still asks for (beside.py)
           pk `{community}#BOOK`, sk `ENTRY#{id}`, `VERSION#{id}#{version:06d}`: the answer book (book.py)
           pk `{community}#HOUSEHOLDS#{digit}`, sk `UNIT#{hash}`, `PHONE#{hash}#{unit's hash}`, `COUNT`,
           `LOAD`: the household register (households.py)
           pk `{community}#LOOKS#{day}`, sk instant: a look at personal data (looks.py); its TTL is
           `expires_at_epoch`, which beside it only `LOAD` and handovers have
           pk `{community}#HANDOVERS#{department}`, sk its id: what a shift handed over (handovers.py)
           `FIND`                    the keys by which it is found (search.py)
           pk `{community}#FIND#{keyed hash}`, sk number: a case that has the term
           pk `{community}#{YYYYMM}`, sk `COUNTER`: the last serial, the last one settled, and who leads
           an incident
directory  pk `COMMUNITY#{id}`, sk `COMMUNITY`, `STAFF#…`, `SHIFT#…`, `DUTY#…`, `UNSIGNED#…`, `ROSTER`,
           `PRICE#…`, `AMENDED#…`, `STAFFING`; pk `COMMUNITIES`
           pk `ACTS#{id}`, sk instant: what keepers of its staff did (staffing.py)
           pk `PERSON#{username}`, sk `SESSIONS`: which sessions of somebody have ended, and how they sign in
figures    pk `{community}#{YYYYMM}`, sk row, one number for each counter
links      pk hash of a code, `IDEMPOTENCY#…`, `MARK#…`, `RATE#…`, `TAKEN#…`, `PLACE#…`
           `expires_at_epoch` is the TTL of each

The indexes of `cases` hold only what has their keys, and beside the keys `line`, the list line as JSON.
"""

import os
from typing import Any

from botocore.config import Config
from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.adapters.dynamo.indexes import (
    ByResident,
    ByUnit,
    OpenByCommunity,
    OpenByDepartment,
    OpenByFollower,
    OpenByHandler,
    Register,
    Undelivered,
)
from chalicelib.domain.figures.counters import COUNTERS

CASE, CONTACT, COUNTER, FIND = "CASE", "CONTACT", "COUNTER", "FIND"
PENDING, BUNDLED, HELD = "pending", "bundled", "held"
"""The values of `undelivered`: of a notice, of a bundle, and of a notice that a digest will tell of."""


class Client:
    """How every table is reached: short timeouts, and four attempts (botocore's standard mode) with backoff.

    The region is the environment's. A Lambda function is stopped after 30 s or less: a call must have ended.
    """

    connect_timeout_seconds = 2
    read_timeout_seconds = 5
    max_retry_attempts = 3


class CaseRow(Model):
    """One row of `cases`; the sort key says which of the attributes it has."""

    class Meta(Client):
        table_name = os.environ["CASES_TABLE"]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)
    # a case; `version` is of its contact too: the change that wrote it last
    shape = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    line = UnicodeAttribute(null=True)
    open_community = UnicodeAttribute(null=True)
    open_department = UnicodeAttribute(null=True)
    open_handler = UnicodeAttribute(null=True)
    open_follower = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    register_month = UnicodeAttribute(null=True)
    number_key = UnicodeAttribute(null=True)
    unit_key = UnicodeAttribute(null=True)
    resident_key = UnicodeAttribute(null=True)
    # an event
    event_type = UnicodeAttribute(null=True)
    actor_role = UnicodeAttribute(null=True)
    # a notice
    status = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    error = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute(null=True)
    sent_at = UnicodeAttribute(null=True)
    undelivered = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    # a workflow that waits
    restart = NumberAttribute(null=True)
    token = UnicodeAttribute(null=True)
    awaiting = UnicodeAttribute(null=True)
    wake_at = UnicodeAttribute(null=True)
    turns = NumberAttribute(null=True)
    # the counter of a month
    serial = NumberAttribute(null=True)
    counted_at = UnicodeAttribute(null=True)
    settled = NumberAttribute(null=True)
    leading = UnicodeSetAttribute(null=True)
    # mails that wait
    held = UnicodeSetAttribute(null=True)
    # a look, or what was said of a file of households
    expires_at_epoch = NumberAttribute(null=True)

    by_open_community = OpenByCommunity()
    by_open_department = OpenByDepartment()
    by_open_handler = OpenByHandler()
    by_open_follower = OpenByFollower()
    in_register = Register()
    by_unit = ByUnit()
    by_resident = ByResident()
    not_delivered = Undelivered()


class CaseData(Model):
    """What says what a case is, of its row and of its contact's: several times faster made than the row."""

    class Meta(Client):
        table_name = os.environ["CASES_TABLE"]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)
    shape = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    line = UnicodeAttribute(null=True)


class DirectoryRow(Model):
    """One row of the table `directory`.

    `data` is the JSON of a community, or of one thing that belongs to it.
    """

    class Meta(Client):
        table_name = os.environ["DIRECTORY_TABLE"]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    data = UnicodeAttribute(null=True)
    # a person
    not_before = NumberAttribute(null=True)
    ended = NumberSetAttribute(null=True)
    second_factor = BooleanAttribute(null=True)
    networks = UnicodeSetAttribute(null=True)
    begun = UnicodeSetAttribute(null=True)


class LinkRow(Model):
    """One row of `links`: a code, a key, the mark of a report, a rate counter, or what only one can have."""

    class Meta(Client):
        table_name = os.environ["LINKS_TABLE"]

    pk = UnicodeAttribute(hash_key=True)
    expires_at_epoch = NumberAttribute(null=True)
    link = UnicodeAttribute(null=True)
    number = UnicodeAttribute(null=True)
    body_hash = UnicodeAttribute(null=True)
    hits = NumberAttribute(null=True)


class FigureKeys(Model):
    """The keys of a row of `figures`: enough for adding to it, and a dozen times faster made than the row."""

    class Meta(Client):
        table_name = os.environ["FIGURES_TABLE"]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


FigureRow: Any = type("FigureRow", (FigureKeys,), {name: NumberAttribute(null=True) for name in COUNTERS})
"""One row of `figures`: an attribute for every counter there is."""


USER_AGENT = "suda"
"""Said as it is: a name that botocore makes up of its parts, it makes up twice with each call."""


def _shared() -> Connection:
    """One client for all tables: making one takes as long as a dozen calls, and each has its own sockets."""
    first, *others = (model._get_connection() for model in (CaseRow, DirectoryRow, LinkRow, FigureRow))
    for table in others:
        first.connection.add_meta_table(table.get_meta_table())
        table.connection = first.connection
    for part in (CaseData, FigureKeys):
        part._get_connection().connection = first.connection
    first.connection.session.set_default_client_config(Config(user_agent=USER_AGENT))
    return first.connection


CONNECTION = _shared()
"""For transactions, and for whoever counts calls; it makes its client when first used."""
