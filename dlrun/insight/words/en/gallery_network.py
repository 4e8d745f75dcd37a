"""Messages of the gallery's lessons: network."""

MESSAGES: dict[str, str] = {}
