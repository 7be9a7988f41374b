"""Taking an old register over on a page: upload, correct the columns, look at the first rows, run it in the background."""
