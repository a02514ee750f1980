"""Files that lie on other websites: fetched, judged and published as our copy; or kept as a link that is watched."""
