"""What developers and make call; no part of the product."""
