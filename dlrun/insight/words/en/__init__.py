"""Messages in English, a file per topic."""
