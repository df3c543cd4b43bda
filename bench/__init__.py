"""Measurements, each with its data and its alternative in the same run."""
