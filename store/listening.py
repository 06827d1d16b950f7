"""Hears of changes that anybody keeps in a PostgreSQL database, on a connection and a thread of its own."""

import os
import socket
import threading
import weakref
from collections.abc import Callable
from contextlib import closing
from functools import partial
from multiprocessing.connection import wait
from typing import Any

import psycopg2

_AGAIN_S = 1.0


class Listener:
    """Counts what is told on a channel of a server; begins when first asked, and again in a process that was forked.

    Parameters
    ----------
    connect
        Gives a new connection of psycopg2.
    channel
        What is listened to.
    """

    def __init__(self, connect: Callable[[], Any], channel: str) -> None:
        self._connect = connect
        self._channel = channel
        self._lock = threading.Lock()
        self._wake: socket.socket | None = None
        self._up = False
        self._number = 0
        os.register_at_fork(after_in_child=partial(_anew, weakref.ref(self)))

    def heard(self) -> int | None:
        """A number that is another one after each thing told; None while nobody listens, so that anything may be missed."""
        with self._lock:
            if self._wake is None:
                self._wake, woken = socket.socketpair()
                threading.Thread(target=self._keep_on, args=(woken,), name="listener", daemon=True).start()
            return self._number if self._up else None

    def close(self) -> None:
        """Stop listening, until somebody asks again."""
        with self._lock:
            wake, self._wake, self._up = self._wake, None, False
        if wake is not None:
            wake.close()

    def forget(self) -> None:
        """Begin as if nobody had asked: a fork has none of its parent's threads, and a lock that one may have held."""
        self._lock = threading.Lock()
        self._wake, self._up = None, False

    def _keep_on(self, woken: socket.socket) -> None:
        """Listen, after every loss anew, until the other end of `woken` is closed."""
        with woken:
            while not wait([woken], 0):
                try:
                    with closing(self._connect()) as connection:
                        self._listen(connection, woken)
                except psycopg2.Error:
                    self._note(woken, up=False)
                    wait([woken], _AGAIN_S)

    def _listen(self, connection: Any, woken: socket.socket) -> None:
        """Count notifications until the connection is lost, or nobody wants to know any more."""
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {self._channel}")
        # What was told before this moment was told to nobody here.
        self._note(woken, up=True)
        while True:
            if woken in wait([connection, woken]):
                return
            connection.poll()
            if connection.notifies:
                connection.notifies.clear()
                self._note(woken, up=True)

    def _note(self, woken: socket.socket, *, up: bool) -> None:
        """Count one more, unless this thread was told to end: another one may listen by now."""
        with self._lock:
            if self._wake is not None and not wait([woken], 0):
                self._up, self._number = up, self._number + 1


def _anew(one: "weakref.ref[Listener]") -> None:
    """Let a fork begin for itself."""
    listener = one()
    if listener is not None:
        listener.forget()
