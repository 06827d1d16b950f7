"""The small world for these tests."""

from tests.world import clock, desk, empty_desk, world_copy, world_file

__all__ = ["clock", "desk", "empty_desk", "world_copy", "world_file"]
