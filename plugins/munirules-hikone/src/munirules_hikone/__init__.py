"""彦根市: a folder of data."""
