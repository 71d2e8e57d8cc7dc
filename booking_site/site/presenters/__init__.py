"""How stores and people read on the pages everybody sees; plain values for templates."""
