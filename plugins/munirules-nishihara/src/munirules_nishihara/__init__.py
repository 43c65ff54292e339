"""西原町: a folder of data."""
