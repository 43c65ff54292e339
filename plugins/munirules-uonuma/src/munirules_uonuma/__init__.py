"""魚沼市: a folder of data."""
