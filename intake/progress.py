"""A progress bar for long files, on the error stream so that results can be piped."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from intake.loading import PROGRESS_FROM_ROWS
from intake.loading import Progress as Report


@contextmanager
def progress_bar(name: str) -> Iterator[Report]:
    """A function to call with the rows done and the rows announced; nothing shows for short files or without a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task(name, total=None)

    def report(n_done: int, n_announced: int | None) -> None:
        if n_announced is not None and n_announced < PROGRESS_FROM_ROWS:
            return
        bar.start()
        bar.update(task, completed=n_done, total=max(n_announced or 0, n_done))

    try:
        yield report
    finally:
        bar.stop()
