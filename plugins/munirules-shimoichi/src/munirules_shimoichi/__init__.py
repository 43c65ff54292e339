"""下市町: a folder of data."""
