"""遠野市: a folder of data."""
