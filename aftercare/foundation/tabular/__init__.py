"""Tables as people keep them: rows of CSV and spreadsheet files, cells as typed, columns mapped to fields."""
