"""API tokens: made once, shown once, revoked at once."""
