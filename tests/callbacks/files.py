"""Results of Celery as files: a store that needs no server, for tests."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery.backends.filesystem import FilesystemBackend


class Files(FilesystemBackend):  # type: ignore[misc]  # Celery names no types
    """Celery's own, which takes text as keys and forgets what is not there, as Redis does; nobody reads half a value."""

    def _filename(self, key: str | bytes) -> Any:
        return super()._filename(key.encode() if isinstance(key, str) else key)

    def delete(self, key: str | bytes) -> None:
        with suppress(FileNotFoundError):
            super().delete(key)

    def set(self, key: str | bytes, value: Any) -> None:
        begun = f"{uuid4().hex}.begun"
        super().set(begun, value)
        Path(os.fsdecode(self._filename(begun))).replace(os.fsdecode(self._filename(key)))
