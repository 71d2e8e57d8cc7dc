"""Reviews of completed appointments, and the ratings of stores and realtors that come of them."""
