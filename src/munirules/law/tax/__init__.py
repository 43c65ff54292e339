"""税: taxes of a municipality, and the consumption tax that its charges carry."""
