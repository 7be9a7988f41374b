"""Reports of a day or a period, signed, printed or as a workbook."""
