"""The log: who did what to which thing, with values before and after."""
