"""柳井市: a folder of data."""
