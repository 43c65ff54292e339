"""八千代市: a folder of data."""
