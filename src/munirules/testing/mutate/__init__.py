"""Mutation score: each fault put in alone, and what notices it."""
