"""Waits for the disk in threads of its own: a round hands over the files that it wrote to, and goes on."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Protocol


class Synced(Protocol):
    def sync(self) -> None:
        """Raises VaultFailed."""


class Flush:
    """Some files on their way to the disk."""

    def __init__(self, flusher: Flusher, files: Sequence[Synced]) -> None:
        self._flusher, self._files = flusher, files
        self._failure: Exception | None = None
        self._running = threading.Lock()
        self._running.acquire()

    @property
    def done(self) -> bool:
        return not self._running.locked()

    def wait(self) -> None:
        """Returns when no thread works on the files any more."""
        self._flusher.begin()
        with self._running:
            return

    def result(self) -> None:
        """Waits. Raises VaultFailed where the disk did not take it."""
        self.wait()
        if self._failure is not None:
            raise self._failure

    def run(self) -> None:
        try:
            for file in self._files:
                file.sync()
        except Exception as failure:  # told to whom it belongs
            self._failure = failure
        finally:
            self._running.release()


class Flusher:
    """Threads that flush. What one round asked for begins at its end: a thread that woke earlier would only
    contend for the interpreter. Unbounded, but a part has one flush under way at a time.
    """

    def __init__(self, threads: int) -> None:
        self._queue: SimpleQueue[Flush | None] = SimpleQueue()
        self._asked: list[Flush] = []
        self._threads = [
            threading.Thread(target=self._work, name=f"flush-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def flush(self, files: Sequence[Synced]) -> Flush:
        asked = Flush(self, files)
        self._asked.append(asked)
        return asked

    def begin(self) -> None:
        """Wakes the threads."""
        asked, self._asked = self._asked, []
        for flush in asked:
            self._queue.put(flush)

    def stop(self) -> None:
        """Waits for the end of all that was asked for."""
        self.begin()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (flush := self._queue.get()) is not None:
            flush.run()
