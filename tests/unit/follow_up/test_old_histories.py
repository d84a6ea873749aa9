"""What an earlier release wrote of the follow-up is read as what it said (design 3)."""

import msgspec
import pytest

from chalicelib.adapters.dynamo.documents import StoredEvent, read_event, stored
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.fold import fold
from tests.stories import AGENT, Story


def as_stored(event: ev.Event, **more: object) -> bytes:
    """The row of an event as an earlier release wrote it, with fields that there are no more."""
    payload = {**msgspec.to_builtins(event.payload), **more}
    raw = msgspec.Raw(msgspec.json.encode(payload))
    row = (event.version, event.at, event.actor, event.command, event.command_id, event.type, raw)
    return stored(StoredEvent(*row))


@pytest.mark.req("D7")
def test_a_reopening_that_noted_what_the_round_before_owed_is_read_without_that() -> None:
    story = Story().register(solved_with="当场处理好了").do("reopen", AGENT)
    read = [read_event(as_stored(event)) for event in story.events[:-1]]
    read.append(read_event(as_stored(story.events[-1], revisit_owed=True)))
    assert fold(read, story.case.community, story.case.number) == story.case
