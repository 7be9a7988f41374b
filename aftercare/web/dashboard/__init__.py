"""The first page: what each role has to do now."""
