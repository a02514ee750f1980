"""Notes of reviewers, from writing to being settled, and what they stand at."""
