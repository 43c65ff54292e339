"""豊前市: a folder of data."""
