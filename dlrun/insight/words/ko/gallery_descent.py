"""Messages of the gallery's lessons: descent."""

MESSAGES: dict[str, str] = {}
