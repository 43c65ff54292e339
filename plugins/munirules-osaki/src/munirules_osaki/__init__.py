"""大崎市: a folder of data."""
