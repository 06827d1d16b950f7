"""What the screen holds: layouts and their ids, no data."""
