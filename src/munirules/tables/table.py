"""`decide_table` and `decide_batches`: every row of a table decided, chunk by chunk, and nothing lost."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
