"""What happened: the chained history, the register, receipts, and how long things took."""
