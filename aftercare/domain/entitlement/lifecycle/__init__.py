"""States and moves of the room's documents, one file per subject; terms and warranty lines have none."""
