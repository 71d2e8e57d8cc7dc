"""The demo's people, stores and bookings: invented, and kept alive by ``manage.py seed_demo``.

What people read in it is Chinese on purpose: it stands for what users of the product would write.
"""
