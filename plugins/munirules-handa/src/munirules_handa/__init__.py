"""半田市（愛知県）: a folder of data."""
