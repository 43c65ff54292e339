"""Recorded cases: few questions that visit every branch and figure, with their answers, replayed at every change."""
