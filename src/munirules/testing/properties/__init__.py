"""Properties of decisions: those of any decision, and those that authors declare, tried on drawn questions."""

from munirules.testing.properties.examination import Check, Examination, Failure, declared_checks, examine, free_checks
from munirules.testing.properties.tried import Broken, Tried

__all__ = ["Broken", "Check", "Examination", "Failure", "Tried", "declared_checks", "examine", "free_checks"]
