"""Saved views: a list's filters under a name, kept for one employee."""
