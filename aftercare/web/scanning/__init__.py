"""Work with a hand scanner: what a code is, and the jobs of a keeper scan by scan."""
