"""Referrals to a MARAC, and for which months all of them are known here."""
