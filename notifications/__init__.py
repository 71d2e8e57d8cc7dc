"""Who hears of what, and how. Holds nothing yet: people look at their appointment's page."""
