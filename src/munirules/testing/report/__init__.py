"""Reports of comparisons and audits: one model, written as text, Markdown, JSON or a page that stands by itself."""

from munirules.testing.report.forms import FORMS, ReportError, form_of, rendered
from munirules.testing.report.model import Report
from munirules.testing.report.words import LOCALES

__all__ = ["FORMS", "LOCALES", "Report", "ReportError", "form_of", "rendered"]
