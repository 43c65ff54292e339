"""大治町: a folder of data."""
