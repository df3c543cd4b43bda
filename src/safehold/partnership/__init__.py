"""Screens that the force shares its work through: so far, the register of support services."""
