"""Ordinary pages, written once: lists, details, edits and moves. A subject's own view exists only where it differs."""
