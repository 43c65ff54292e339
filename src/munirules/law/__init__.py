"""The nation's plugin: fourteen areas, a folder each, with one module per business and its national values beside it."""
