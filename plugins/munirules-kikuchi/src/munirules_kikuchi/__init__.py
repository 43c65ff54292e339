"""菊池市: a folder of data."""
