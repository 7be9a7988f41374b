"""The daily cash sheet and what is not settled."""
