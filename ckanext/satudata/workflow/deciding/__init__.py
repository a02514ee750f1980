"""Decisions: what is asked, what is open to whom, the one transaction that writes it, also by the clock."""
