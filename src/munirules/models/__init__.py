"""Declarations of facts and provisions, and the core models: residents, households, parties, tax objects."""
