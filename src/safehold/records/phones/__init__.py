"""Phones that officers assess risk on, and what comes from them, sealed."""
