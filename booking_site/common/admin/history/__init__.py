"""History of master data in the back office: a list for each model, a page for each row."""
