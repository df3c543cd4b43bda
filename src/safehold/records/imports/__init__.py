"""What came from a records system: batches, and which of our rows each of its keys became."""
