"""What each attacker would hold, and what they can do with it: tried, not argued."""
