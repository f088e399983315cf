"""Writes docs/targets.md: `PYTHONPATH=models python -m workshop.targets_page`, or `--check` to refuse a page that is out of date."""

from __future__ import annotations

import sys

from workshop.compile.report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
