"""福崎町: a folder of data."""
