"""吉富町（福岡県）: a folder of data."""
