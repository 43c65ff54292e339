"""筑後市（福岡県）: a folder of data."""
