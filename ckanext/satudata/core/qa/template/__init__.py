"""A workbook to be filled in, made from a data dictionary: headers, lists to choose from, instructions."""
