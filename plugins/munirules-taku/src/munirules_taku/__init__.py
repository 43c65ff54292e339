"""多久市: a folder of data."""
