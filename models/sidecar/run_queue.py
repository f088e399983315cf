"""One thread runs the model; a bounded number of requests wait for it. What nobody waits for any more never starts."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Deque, Dict, Optional

from sidecar.problems import SidecarError, draining, overloaded
from sidecar.tensors import Arrays


@dataclass
class Job:
    inputs: Arrays
    deadline: float
    queued: float
    done: threading.Event = field(default_factory=threading.Event)
    abandoned: bool = False
    outputs: Optional[Arrays] = None
    fault: Optional[BaseException] = None
    queue_ms: float = 0.0
    run_ms: float = 0.0


class RunQueue:
    """`waiting`: requests that may wait behind the running one. Times are of `time.monotonic`, in seconds."""

    def __init__(self, run: Callable[[Arrays], Arrays], waiting: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._waiting, self._clock = run, waiting, clock
        self._jobs: Deque[Job] = deque()
        self._changed = threading.Condition()
        self._running = False
        self._closed = False
        self._counts: Dict[str, int] = {"completed": 0, "failed": 0, "abandoned": 0, "overloaded": 0}
        self._thread = threading.Thread(target=self._work, name="runner", daemon=True)
        self._thread.start()

    def submit(self, inputs: Arrays, deadline: float) -> Job:
        """Raises SidecarError infer.overloaded, infer.disposed."""
        with self._changed:
            if self._closed:
                raise draining()
            for gone in [job for job in self._jobs if job.abandoned]:
                self._jobs.remove(gone)
                self._counts["abandoned"] += 1
            if len(self._jobs) >= self._waiting + (0 if self._running else 1):
                self._counts["overloaded"] += 1
                raise overloaded(f"one request runs and {len(self._jobs)} wait, which is the bound")
            job = Job(inputs, deadline, self._clock())
            self._jobs.append(job)
            self._changed.notify()
            return job

    def counts(self) -> Dict[str, Any]:
        with self._changed:
            return {**self._counts, "waiting": len(self._jobs), "running": self._running}

    def close(self, grace_s: float) -> None:
        """Lets the running request and those that wait finish within `grace_s`. Idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(grace_s)

    def _take(self) -> Optional[Job]:
        with self._changed:
            self._running = False
            while not self._jobs:
                if self._closed:
                    return None
                self._changed.wait()
            self._running = True
            return self._jobs.popleft()

    def _work(self) -> None:
        while True:
            job = self._take()
            if job is None:
                return
            started = self._clock()
            job.queue_ms = (started - job.queued) * 1000
            outcome = "completed"
            try:
                if job.abandoned or started > job.deadline:
                    outcome = "abandoned"
                    job.fault = SidecarError("infer.deadline", "the deadline passed before the run began", 504)
                else:
                    job.outputs = self._run(job.inputs)
            except BaseException as fault:  # a backend may raise anything; the runner must go on for the next request
                outcome = "failed"
                job.fault = fault
            job.run_ms = (self._clock() - started) * 1000
            with self._changed:
                self._counts[outcome] += 1
            job.done.set()
