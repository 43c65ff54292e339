"""三島村: a folder of data."""
