"""Pages for customers, opened by a link or a label: no sign-in, one object each."""
