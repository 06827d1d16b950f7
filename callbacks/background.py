"""Where work goes that outlasts an answer: a process of its own on this machine, or workers of Celery."""

from contextlib import suppress
from typing import Any

import diskcache
import multiprocess
import psutil
from dash import CeleryManager, DiskcacheManager
from flask import Flask

from settings import Settings

# A process that was forked from a server with many threads may wait for ever for a lock that one of them held.
_PROCESSES = multiprocess.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["callbacks.web", "casework.desk", "geo.patrols", "geo.scan", "store"])
_KEPT_S = 3600


class _Processes(DiskcacheManager):
    """Dash's manager, with processes that begin clean instead of as copies of a server at work."""

    def get_or_create_signing_secret(self, generate: Any) -> bytes:
        """Return what this and other servers sign with; the folder is let go of, since most pages never use it again."""
        secret: bytes = super().get_or_create_signing_secret(generate)  # type: ignore[no-untyped-call]  # Dash names no types
        self.handle.close()
        return secret

    def terminate_job(self, job: Any) -> None:
        """End a job; one that ends by itself at that moment has ended."""
        with suppress(psutil.NoSuchProcess):
            super().terminate_job(job)  # type: ignore[no-untyped-call]

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> int:
        """Begin a job, and say which process does it."""
        progress_key = self._make_progress_key(key)  # type: ignore[no-untyped-call]  # Dash names no types
        process = _PROCESSES.Process(target=job_fn, args=(key, progress_key, args, context))
        process.start()
        return int(process.pid)


class Signals:
    """Words from a page to the work it began, wherever that is done: through what keeps its progress, too."""

    def __init__(self, manager: Any) -> None:
        self._handle = manager.handle

    def give(self, token: str) -> None:
        """Let the work that knows `token` hear it."""
        if hasattr(self._handle, "backend"):
            self._handle.backend.set(f"signal-{token}", "1")
        else:
            self._handle.set(f"signal-{token}", "1", expire=_KEPT_S)

    def given(self, token: str) -> bool:
        """Whether it was given."""
        handle = self._handle.backend if hasattr(self._handle, "backend") else self._handle
        return handle.get(f"signal-{token}") is not None


def manager_of(settings: Settings, server: Flask) -> Any:
    """Dash's manager of work in the background, as `settings` say; a Celery app is also left in `server.extensions`."""
    if settings.celery == "off":
        settings.work_folder.mkdir(parents=True, exist_ok=True)
        cache = diskcache.Cache(str(settings.work_folder))
        cache.close()  # it opens itself when somebody asks
        return _Processes(cache, expire=_KEPT_S)  # type: ignore[no-untyped-call]  # Dash names no types
    # Asked for only where a broker is configured: it is an option that need not be installed.
    from celery import Celery  # noqa: PLC0415

    celery = Celery("lianfang", broker=settings.celery, backend=settings.celery)
    celery.conf.update(result_expires=_KEPT_S, broker_connection_retry_on_startup=True)
    server.extensions["celery"] = celery
    return CeleryManager(celery)
