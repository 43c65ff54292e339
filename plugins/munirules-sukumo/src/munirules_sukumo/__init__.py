"""宿毛市: a folder of data."""
