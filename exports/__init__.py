"""Things go out: files for other programs."""
