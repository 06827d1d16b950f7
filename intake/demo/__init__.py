"""The demonstration: real county outlines, and everything else simulated, seeded and labelled so."""
