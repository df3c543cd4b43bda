"""Cases: work on incidents, who does it, and for whom."""
