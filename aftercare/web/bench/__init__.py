"""The workshop: carry-in orders by where they stand."""
