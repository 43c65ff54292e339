"""大和町: a folder of data."""
