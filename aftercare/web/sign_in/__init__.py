"""The door of sign-in: password, second factor, lock-out. What happens here is written down by `people`."""
