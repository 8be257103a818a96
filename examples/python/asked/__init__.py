"""The programs of the six questions, as they were posted: see the credits in README.md."""
