"""双葉町: a folder of data."""
