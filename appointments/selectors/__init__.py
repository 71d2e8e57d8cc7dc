"""What may be asked about appointments, slots and lines."""
