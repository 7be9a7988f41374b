"""SQLite with a line for writers: first come, first served, within a process and between those of one machine."""
