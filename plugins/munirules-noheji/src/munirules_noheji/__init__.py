"""野辺地町（青森県）: a folder of data."""
