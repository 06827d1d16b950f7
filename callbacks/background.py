"""Where work goes that outlasts an answer: a process of its own on this machine, or workers of Celery."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import diskcache
import multiprocess
import psutil
from dash import CeleryManager, DiskcacheManager
from dash._callback_context import context_value  # what Dash hands on to the process; it has no other door to it
from flask import Flask

from casework.people import Actor, Role
from settings import Settings

# A process that was forked from a server with many threads may wait for ever for a lock that one of them held.
_PROCESSES = multiprocess.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["callbacks.web", "casework.desk", "geo.patrols", "geo.scan", "store"])
_KEPT_S = 3600
_ASKED_BY = "asked_by"


class _Asked:
    """What both managers do for who asks: their work is theirs, and knows them by name but not by their cookies."""

    who: Callable[[], Actor] = Actor

    def build_cache_key(self, *asked: Any) -> str:
        """Name what comes out: the same question of somebody else has another answer, under another name."""
        key = super().build_cache_key(*asked)  # type: ignore[misc]  # the managers have it
        return sha256(f"{self.who()!r} {key}".encode()).hexdigest()

    def told(self, context: Any) -> Any:
        """What goes along with the work, through a file or a broker."""
        context[_ASKED_BY] = asdict(self.who())
        context["cookies"], context["headers"] = {}, {}
        return context


class _Processes(_Asked, DiskcacheManager):
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
        """Begin a job for who asks, and say which process does it."""
        progress_key = self._make_progress_key(key)  # type: ignore[no-untyped-call]  # Dash names no types
        process = _PROCESSES.Process(target=job_fn, args=(key, progress_key, args, self.told(context)))
        process.start()
        return int(process.pid)


class _Tasks(_Asked, CeleryManager):
    """Dash's manager for Celery, whose tasks know who asked."""

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> str:
        """Begin a task for who asks, and name it."""
        return str(super().call_job_fn(key, job_fn, args, self.told(context)))  # type: ignore[no-untyped-call]


def asked_by() -> Actor:
    """Who began the work this process is doing; told by the server, which knew, and not by the page."""
    told = dict(context_value.get()[_ASKED_BY])
    return Actor(told["id"], Role(told["role"]), tuple(told["regions"]))


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


def manager_of(settings: Settings, server: Flask, who: Callable[[], Actor] = Actor) -> Any:
    """Dash's manager of work in the background, as `settings` say; a Celery app is also left in `server.extensions`.

    `who` tells who asks when work begins.
    """
    if settings.celery == "off":
        settings.work_folder.mkdir(parents=True, exist_ok=True)
        cache = diskcache.Cache(str(settings.work_folder))
        cache.close()  # it opens itself when somebody asks
        processes = _Processes(cache, expire=_KEPT_S)  # type: ignore[no-untyped-call]  # Dash names no types
        processes.who = who
        return processes
    # Asked for only where a broker is configured: it is an option that need not be installed.
    from celery import Celery  # noqa: PLC0415

    celery = Celery("lianfang", broker=settings.celery, backend=settings.celery)
    celery.conf.update(result_expires=_KEPT_S, broker_connection_retry_on_startup=True)
    server.extensions["celery"] = celery
    tasks = _Tasks(celery)  # type: ignore[no-untyped-call]
    tasks.who = who
    return tasks
