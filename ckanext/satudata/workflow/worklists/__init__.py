"""Lists of work: the reviewers' desk and the producers' own, also over a hundred thousand cases."""
