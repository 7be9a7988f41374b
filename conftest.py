"""Loaded for the tests of the rooms and of the whole alike."""

pytest_plugins = ["tests.database"]
