"""Things come in: files, checked, re-projected, quarantined; and the demonstration."""
