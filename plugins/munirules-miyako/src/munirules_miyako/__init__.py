"""みやこ町: a folder of data."""
