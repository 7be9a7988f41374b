"""Stories that a service manager can read."""
