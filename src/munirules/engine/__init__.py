"""The rules engine: decisions, enactments, provisions in force, wiring, programs, rulebooks, outcomes."""
