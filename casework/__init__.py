"""The people's side: what exists, what may happen to it, who may do it."""
