"""Layouts and components with sample data, for developers and picture tests; served in DEBUG only."""
