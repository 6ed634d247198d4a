"""What the groups of rows that run the whole program share."""
