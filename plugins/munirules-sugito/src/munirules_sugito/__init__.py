"""杉戸町: a folder of data."""
