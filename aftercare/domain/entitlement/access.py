"""Permissions and row scope of this room."""
