"""Faults put into rules and enactments, one by one and in memory: what must be noticed."""
