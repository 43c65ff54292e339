"""鹿嶋市: a folder of data."""
