"""Welfare rules of 飛騨市."""
