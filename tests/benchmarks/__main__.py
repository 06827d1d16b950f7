"""`make bench`: run the benchmarks, print their tables, and write them to docs/benchmarks.md."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import engine, page, patrols, reach, refresh, scan, screens, spoiled, store, tiles, zones
from tests.benchmarks.data import ROOT
from tests.benchmarks.machine import load, machine, versions, wait_quiet
from tests.benchmarks.measure import Table

_MANY = 1_000_000
_HEAD = """# Benchmarks

Written by `make bench`; no figure here is written by hand. A part that is run alone replaces its own section.

A browser without a graphics card draws many times slower than one with: times of pages are to be compared with each
other, not with a clock on the wall.
"""
_STAMP = "Measured on {day} (UTC) on: {machine}. Load average before {before}, after {after}. {versions}."


def main() -> None:
    """Run what was asked for; small sizes are printed and not written."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "only",
        nargs="*",
        help="page, refresh, engine, spoiled, zones, scan, reach, patrols, store, tiles, screens; without any, all",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes and one run, to see that everything works")
    parser.add_argument("--runs", type=int, default=5, help="looks and refreshes behind a median (default 5)")
    parser.add_argument("--wait-s", type=float, default=120, help="longest wait for a quiet machine (default 120)")
    parser.add_argument("--rows", type=int, default=5_000_000, help="incidents of the part tiles (default 5000000)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given = parser.parse_args()
    n_runs = 1 if given.quick else given.runs
    sizes = (1_000, 10_000) if given.quick else (100_000, _MANY)
    benches: dict[str, Callable[[], Table]] = {
        "page": lambda: page.run(sizes, n_runs, _say),
        "refresh": lambda: refresh.run(sizes[0], n_runs, _say),
        "engine": lambda: engine.run(n_runs, _say, quick=given.quick),
        "spoiled": lambda: spoiled.run(_say, quick=given.quick),
        "zones": lambda: zones.run(n_runs, _say, quick=given.quick),
        "scan": lambda: scan.run(_say, quick=given.quick),
        "reach": lambda: reach.run(_say, quick=given.quick),
        "patrols": lambda: patrols.run(_say, quick=given.quick),
        "store": lambda: store.run(sizes[-1], n_runs, _say),
        "tiles": lambda: tiles.run(
            20_000 if given.quick else given.rows, sizes[-1], 5 if given.quick else 40, n_runs, _say
        ),
        "screens": lambda: screens.run(sizes[0], (5,) if given.quick else (50, 500), _say),
    }
    if unknown := set(given.only) - set(benches):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(benches)}")
    if not given.quick:
        wait_quiet(given.wait_s)
    sections = {}
    for name, bench in benches.items():
        if not given.only or name in given.only:
            before, table = load(), bench()
            sections[table.title] = table.markdown(_stamp(before))
            print(sections[table.title])  # noqa: T201  # it is what was asked for
    if not given.quick:
        _write(given.out, sections)


def _stamp(before: str) -> str:
    """When, on what, and beside how much other work a table was measured."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return _STAMP.format(day=day, machine=machine(), before=before, after=load(), versions=versions())


def _write(file: Path, sections: dict[str, str]) -> None:
    """Put sections in the place of those of the same title, or at the end."""
    written = file.read_text(encoding="utf-8").split("\n## ")[1:] if file.exists() else []
    kept = {text.partition("\n")[0]: f"## {text.rstrip()}\n" for text in written}
    file.write_text("\n".join([_HEAD, *(kept | sections).values()]), encoding="utf-8")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201  # a run takes long, and this tells how far it is


if __name__ == "__main__":
    main()
