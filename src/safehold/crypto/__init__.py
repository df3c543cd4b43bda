"""Sealing, half keys and signatures: the only room that imports a cryptographic library.

Loading a key that opens a stored report lives in `opening`, apart from sealing, so that the public
process never has a reason to import it.
"""
