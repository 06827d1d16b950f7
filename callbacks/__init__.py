"""Every door of the web: browser events and HTTP routes."""
