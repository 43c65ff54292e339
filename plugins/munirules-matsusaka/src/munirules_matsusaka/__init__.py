"""松阪市（三重県）: a folder of data."""
