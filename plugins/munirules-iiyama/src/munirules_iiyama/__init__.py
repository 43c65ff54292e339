"""飯山市（長野県）: a folder of data."""
