"""Welfare rules of municipalities in several prefectures, a folder each."""
