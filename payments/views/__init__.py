"""Pages of paying, and of what one has earned."""
