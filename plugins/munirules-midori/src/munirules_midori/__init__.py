"""みどり市（群馬県）: a folder of data."""
