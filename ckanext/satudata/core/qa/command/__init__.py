"""``satudata check``: many files and folders judged on a laptop, and what is said about them."""
