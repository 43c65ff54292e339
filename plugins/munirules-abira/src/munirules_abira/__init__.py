"""安平町（北海道）: a folder of data."""
