"""The small world for these tests."""

import shutil

import pytest

from tests.callbacks.signed import one_signed, signed
from tests.callbacks.web import Web
from tests.world import busy_desk, clock, desk, empty_desk, open_desk, world_copy, world_file

__all__ = [
    "busy_desk",
    "clock",
    "desk",
    "empty_desk",
    "empty_web",
    "one_signed",
    "signed",
    "still_web",
    "web",
    "world_copy",
    "world_file",
]


@pytest.fixture
def web(desk):
    return Web(desk)


@pytest.fixture
def empty_web(empty_desk):
    return Web(empty_desk)


@pytest.fixture(scope="module")
def still_web(world_file, tmp_path_factory):
    """A dashboard that the tests of a file share, because none of them changes anything."""
    desk = open_desk(shutil.copy(world_file, tmp_path_factory.mktemp("still") / "copy.sqlite"))
    yield Web(desk)
    desk._store.close()
