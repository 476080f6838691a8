"""What a window is busy with: the workbook that was chosen, and one task at a time in a thread of its own.

The window asks `pending` now and then and shows what it gets; the thread waits where a person has to answer.
Nothing here knows a widget, so that tests drive it without a display.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ita_xl.window.tasks import Done, Question, Task, carried_out


@dataclass(frozen=True)
class Asked:
    """The task waits for `Session.answer`."""

    question: Question


@dataclass(frozen=True)
class Finished:
    """The task is over. job: its name."""

    job: str
    done: Done


Event = Asked | Finished


class Session:
    """workbook: that was chosen. job: the name of the task that runs, empty for none."""

    def __init__(self) -> None:
        self.workbook: Path | None = None
        self.job = ""
        self._since = 0.0
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bool] = queue.SimpleQueue()

    @property
    def seconds(self) -> int:
        """How long the task has been running."""
        return int(time.monotonic() - self._since) if self.job else 0

    def start(self, job: str, task: Task) -> bool:
        """Begin a task, unless one runs. Gives whether it began."""
        if self.job:
            return False
        self.job, self._since = job, time.monotonic()
        threading.Thread(target=self._work, args=(job, task), name=job, daemon=True).start()
        return True

    def answer(self, yes: bool) -> None:
        """What a person says to the question that was asked."""
        self._answers.put(yes)

    def pending(self) -> list[Event]:
        """What happened since the last call, oldest first."""
        found: list[Event] = []
        while not self._events.empty():
            event = self._events.get()
            if isinstance(event, Finished):
                self.job = ""
                self.workbook = event.done.workbook or self.workbook
            found.append(event)
        return found

    def _work(self, job: str, task: Task) -> None:
        self._events.put(Finished(job, carried_out(task, job, self._ask)))

    def _ask(self, question: Question) -> bool:
        self._events.put(Asked(question))
        return self._answers.get()
