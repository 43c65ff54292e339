"""A search for questions: what visits a branch, meets a boundary, or tells a figure from its neighbour."""
