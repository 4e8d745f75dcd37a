"""All that the curves of some runs say, as one page or as Markdown: plain data first, then its form."""

from dlrun.insight.report.document import Report, report_document

__all__ = ["Report", "report_document"]
