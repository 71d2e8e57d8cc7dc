"""Reviews of completed appointments. Holds nothing yet: stores and realtors show no rating."""
