"""Branches and departments: tree, files, edits."""
