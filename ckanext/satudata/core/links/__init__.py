"""Files that lie on other websites: which addresses may be asked, what an answer is."""
