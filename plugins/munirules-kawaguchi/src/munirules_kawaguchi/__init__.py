"""川口市: a folder of data."""
