"""What people see and touch: every page, looked at by machines in ways people would notice."""
