"""The small world for these tests."""

import pytest

from tests.callbacks.web import Web
from tests.world import busy_desk, clock, desk, empty_desk, world_copy, world_file

__all__ = ["busy_desk", "clock", "desk", "empty_desk", "empty_web", "web", "world_copy", "world_file"]


@pytest.fixture
def web(desk):
    return Web(desk)


@pytest.fixture
def empty_web(empty_desk):
    return Web(empty_desk)
