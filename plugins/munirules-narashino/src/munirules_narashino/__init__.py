"""習志野市: a folder of data."""
