"""春日井市, 小牧市, 豊山町 and the union of 尾張東部聖苑: folders of data."""
