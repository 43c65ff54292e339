"""七ヶ浜町（宮城県）: a folder of data."""
