"""橿原市: a folder of data."""
