"""Safehold: a force's response to violence against women and girls, from first word to court."""
