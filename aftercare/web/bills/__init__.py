"""Bills and money collected."""
