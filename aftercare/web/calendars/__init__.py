"""Working calendars: weekly hours, official days of a year, days of one calendar."""
