"""`make bench`: run the benchmarks, print their tables, and write them to docs/benchmarks.md."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import engine, page, refresh, store
from tests.benchmarks.data import ROOT
from tests.benchmarks.machine import load, machine, versions, wait_quiet
from tests.benchmarks.measure import Table

_MANY = 1_000_000
_HEAD = """# Benchmarks

Written by `make bench`; no figure here is written by hand. Measured on {day} (UTC) on: {machine}.
Load average before {before}, after {after}. {versions}.

A browser without a graphics card draws many times slower than one with: times of pages are to be compared with each
other, not with a clock on the wall.
"""


def main() -> None:
    """Run what was asked for; small sizes and parts are printed and not written."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help="engine, store, refresh, page; without any, all")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run, to see that everything works")
    parser.add_argument("--runs", type=int, default=5, help="looks and refreshes behind a median (default 5)")
    parser.add_argument("--wait-s", type=float, default=120, help="longest wait for a quiet machine (default 120)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given = parser.parse_args()
    n_runs = 1 if given.quick else given.runs
    sizes = (1_000, 10_000) if given.quick else (100_000, _MANY)
    benches: dict[str, Callable[[], Table]] = {
        "page": lambda: page.run(sizes, n_runs, _say),
        "refresh": lambda: refresh.run(sizes[0], n_runs, _say),
        "engine": lambda: engine.run(n_runs, _say, quick=given.quick),
        "store": lambda: store.run(sizes[-1], n_runs, _say),
    }
    if unknown := set(given.only) - set(benches):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(benches)}")
    if not given.quick:
        wait_quiet(given.wait_s)
    before = load()
    tables = [bench().markdown() for name, bench in benches.items() if not given.only or name in given.only]
    facts = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "versions": versions()}
    document = "\n".join([_HEAD.format(before=before, after=load(), **facts), *tables])
    print(document)  # noqa: T201  # it is what was asked for
    if not given.quick and not given.only:
        given.out.write_text(document, encoding="utf-8")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201  # a run takes long, and this tells how far it is


if __name__ == "__main__":
    main()
