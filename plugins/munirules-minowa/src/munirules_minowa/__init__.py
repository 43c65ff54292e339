"""箕輪町（長野県）: a folder of data."""
