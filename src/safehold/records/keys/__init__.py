"""Which keys what is stored is sealed to, whether they are there, and what was done with them."""
