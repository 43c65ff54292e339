"""Decisions over a partitioned Parquet dataset on a cluster (dask distributed). Needs the extra `cluster`."""
