"""The key that sessions and invitations are signed with: as set, or made by chance and kept beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from settings import Settings

_BYTES = 32
_IN_FILE = "file"


def key_of(settings: Settings) -> str:
    """The key; the first who asks makes it, and all processes get the same. Only its owner can read the file."""
    if settings.secret != _IN_FILE:
        return settings.secret
    file = settings.secret_file
    if not file.exists():
        _make(file)
    return file.read_text(encoding="utf-8")


def _make(file: Path) -> None:
    """Write a new key whole, unless another process was quicker."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = file.with_name(f"{file.name}-{os.getpid()}-{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    try:
        mine.write_text(secrets.token_urlsafe(_BYTES), encoding="utf-8")
        with suppress(FileExistsError):
            os.link(mine, file)
    finally:
        mine.unlink()
