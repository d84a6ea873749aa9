"""The stand-in of Step Functions: executions, and the tasks that wait for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass
class Execution:
    """One execution that was started. `running` is for the test to change."""

    kind: str
    name: str
    given: Mapping[str, Mapping[str, str | int]]
    running: bool = True


class FakeWorkflow:
    """Workflow. A task waits from `open_task` until its token is answered, or the test drops it."""

    def __init__(self) -> None:
        self.executions: dict[tuple[str, str], Execution] = {}
        self.waiting: set[str] = set()
        self.answers: list[tuple[str, Mapping[str, str | int]]] = []

    def open_task(self, token: str) -> str:
        """A task begins to wait for the answer to this token."""
        self.waiting.add(token)
        return token

    def stop(self, kind: str, name: str) -> None:
        """The execution ends, or is lost."""
        self.executions[kind, name].running = False

    def start(self, kind: str, name: str, given: Mapping[str, Mapping[str, str | int]]) -> bool:
        assert len(name) <= 80, f"Step Functions refuses names over 80 characters: {name}"
        if (kind, name) in self.executions:
            return False
        self.executions[kind, name] = Execution(kind, name, dict(given))
        return True

    def is_running(self, kind: str, name: str) -> bool | None:
        execution = self.executions.get((kind, name))
        return None if execution is None else execution.running

    def answer(self, token: str, result: Mapping[str, str | int]) -> bool:
        if token not in self.waiting:
            return False
        self.waiting.discard(token)
        self.answers.append((token, dict(result)))
        return True
