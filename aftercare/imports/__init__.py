"""The door for files: existing registers read in by calling the same actions as pages and API."""
