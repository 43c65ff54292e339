"""三沢市: a folder of data."""
