"""Audit an old system against the rules."""
