"""熊本市（熊本県）: a folder of data."""
