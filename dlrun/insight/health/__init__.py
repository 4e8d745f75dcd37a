"""What the records of a run's layers say: numbers, findings in words, each with its fix. Standard library only."""

from dlrun.insight.health.records import Health, read_health
from dlrun.insight.health.rules import Finding, findings
from dlrun.insight.health.telling import health_document, health_lines, health_table

__all__ = ["Finding", "Health", "findings", "health_document", "health_lines", "health_table", "read_health"]
