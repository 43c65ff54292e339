"""明和町（群馬県）: a folder of data."""
