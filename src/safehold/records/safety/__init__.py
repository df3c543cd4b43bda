"""Safety: plans made with whoever they protect, actions to their end, referrals, markers."""
