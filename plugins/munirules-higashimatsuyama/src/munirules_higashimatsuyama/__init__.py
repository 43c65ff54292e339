"""東松山市: a folder of data."""
