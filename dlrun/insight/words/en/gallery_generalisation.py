"""Messages of the gallery's lessons: generalisation."""

MESSAGES: dict[str, str] = {}
