"""春日井市, 小牧市, 豊山町 and 尾張東部火葬場管理組合: folders of data."""
