"""What pages show, put into words: fields, tables, dates, and the decision bar."""
