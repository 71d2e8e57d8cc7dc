"""``GET /metrics``: the figures of the site, and of this process, for Prometheus.

* ``data``: gauges of the business, from the database, the same on every process;
* ``own``: what processes count of their own work (``booking_site.common.meters``);
* ``access``: who may read them.
"""
