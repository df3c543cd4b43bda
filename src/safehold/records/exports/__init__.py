"""All of one case, to leave: a working print, or a file for one partner that two people decide."""
