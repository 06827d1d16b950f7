"""Which machines do the long work: this one's processors, or a Dask cluster by its address."""

from collections.abc import Iterator
from contextlib import contextmanager

import joblib

from settings import Settings


@contextmanager
def workforce(settings: Settings) -> Iterator[None]:
    """While it lasts, replications are shared out as `settings` say; no figure depends on it."""
    if settings.dask == "off":
        with joblib.parallel_config(backend="threading", n_jobs=-1):
            yield
        return
    # A scheduler is asked for only where one is configured: it is an option that need not be installed.
    from distributed import Client  # noqa: PLC0415

    with Client(settings.dask, set_as_default=True), joblib.parallel_config(backend="dask"):
        yield
