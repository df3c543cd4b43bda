"""An invented force, from a seed: land, streets, people, events, and the truths planted in them.

Everything here is made up and drawn in the open North Sea. Same seed and day, same bytes.
"""
