"""Whose names are compared with what arrives: colleagues, and people too close to one of them."""
