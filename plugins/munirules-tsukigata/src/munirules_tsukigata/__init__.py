"""月形町（北海道）: a folder of data."""
