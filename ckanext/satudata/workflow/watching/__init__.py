"""What somebody should be told: deadlines, published data whose time has come, posts that nobody holds."""
