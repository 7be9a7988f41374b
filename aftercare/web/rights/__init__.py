"""Consumer rights (三包): the rules with their try-out panel, what a unit's customer may ask for, and what was asked."""
