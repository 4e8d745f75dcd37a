"""Messages in Korean, a file per topic."""
