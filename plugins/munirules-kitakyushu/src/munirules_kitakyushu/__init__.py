"""北九州市: a folder of data."""
