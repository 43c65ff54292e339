"""上下水道: water supply, sewerage, and what is read and charged for them."""
