"""村山市: a folder of data."""
