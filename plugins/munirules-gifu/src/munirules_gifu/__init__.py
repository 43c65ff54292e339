"""Municipalities of Gifu prefecture (岐阜県): a folder of data each."""
