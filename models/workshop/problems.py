"""The workshop's refusal: every problem at once, each naming the file, the reason and the remedy."""

from __future__ import annotations


class WorkshopError(Exception):
    """Bad input. `problems` are printed one a line; the process ends with exit code 2."""

    def __init__(self, problems: list[str] | str) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))
