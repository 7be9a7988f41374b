"""The subject rooms, floor upon floor. A room imports rooms of lower floors only."""
