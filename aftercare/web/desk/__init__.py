"""The reception desk: who calls, what he has, what is open, and one form for what he wants. Also look-ups and palette."""
