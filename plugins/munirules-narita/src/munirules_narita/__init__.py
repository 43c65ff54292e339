"""成田市: a folder of data."""
