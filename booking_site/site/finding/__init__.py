"""What visitors look for, and what there is of it: stores, people and categories."""
