"""The outbox: what leaves once a command is written (design 1, rule 2). At least once, never lost.

The events in the table are what it holds; the function `relay` empties it. Whatever arrives here may arrive
twice or late, so each step looks at the case, or at the state of the notice, before it acts.
"""

from collections.abc import Collection

from msgspec import Struct

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.notices.kinds import TELLS
from chalicelib.domain.work.payer import may_change
from chalicelib.services.files.showing import keep_files
from chalicelib.services.households.withdrawing import followed
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.search import index
from chalicelib.services.warranty.finding import put_payer_down
from chalicelib.services.workflows.tasks import Workflows


class Outbox(Struct, frozen=True):
    """The steps that follow one record of the stream: an event, a notice, or a bundle of them."""

    workflows: Workflows
    delivery: Delivery
    incidents: Incidents

    def case_changed(self, community: str, number: str) -> None:
        """A person's command was written: start or wake the workflows, then see to those merged with it."""
        self.workflows.follow(community, number)
        for changed in self.incidents.follow(community, number):
            self.workflows.follow(community, changed)

    def case_to_find(self, community: str, number: str, happened: Collection[str]) -> None:
        """A command was written: have the case found (E8), its files kept (A3), who pays put down (B13),
        a consent that was taken back gone from the household too (G15).

        `happened` are the types of the events that were written.
        """
        desk = self.workflows.desk
        try:
            case = desk.cases.get(community, number)
        except NotFoundError:
            return
        index(desk, case)
        if case.files:
            keep_files(desk, case)
        if "care_withdrawn" in happened:
            followed(desk, case)
        if may_change(case, happened):
            put_payer_down(desk, case)

    def bundle_due(self, community: str, number: str, key: str) -> None:
        """Notices were written in one row, for they are many: give each its own, which comes here again."""
        self.delivery.notices.unpack(community, number, key)

    def notice_due(self, community: str, number: str, key: str) -> None:
        """A notice was written: send it. Raises DeliveryError if it did not leave.

        By some the resident hears what begins clocks anew (B8), so the workflows of the case look again.
        """
        stored = self.delivery.notices.get(community, number, key)
        if stored is None:
            return
        self.delivery.deliver(stored)
        if stored.notice.kind in TELLS:
            self.workflows.follow(community, number)
