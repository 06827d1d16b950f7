"""The small world for these tests."""

from tests.world import busy_desk, clock, desk, empty_desk, world_copy, world_file

__all__ = ["busy_desk", "clock", "desk", "empty_desk", "world_copy", "world_file"]
