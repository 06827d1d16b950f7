"""The engine: arrays, shapes and frames in, the same out. Knows no clock, no file, no socket, no screen."""
