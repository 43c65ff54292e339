"""小川町: a folder of data."""
