"""大淀町: a folder of data."""
