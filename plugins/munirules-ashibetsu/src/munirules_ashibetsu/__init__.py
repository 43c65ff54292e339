"""芦別市（北海道）: a folder of data."""
