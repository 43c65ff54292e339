"""Files in, files out: legacy layouts, CSV in the encodings of municipal systems, Parquet, Excel, queries.

`run` decides a whole file as `munirules batch` does; `read_map` reads a map from a legacy layout to fields. Only pyarrow
is imported here, other libraries when a file of theirs is read.
"""

from __future__ import annotations
