"""A fictional city, for tests."""
