"""松戸市: a folder of data."""
