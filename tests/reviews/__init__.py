"""Tests of reviews and of the ratings that come of them."""
