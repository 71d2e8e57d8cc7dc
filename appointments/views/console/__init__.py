"""The console: what a realtor sees and does at work."""
