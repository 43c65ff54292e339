"""宮崎市: a folder of data."""
