"""How the business went: what was asked for, what became of it, how long people waited, how busy
everybody was. Each figure is defined once, beside the code that counts it.

* ``arithmetic``: means, percentiles, shares, fairness;
* ``spans``: the local dates somebody asks about, store by store;
* ``tally``: what is counted, of everything, of a day, of an hour, of a realtor;
* ``reading``: what is read from the database;
* ``working``: how much of their working time realtors had promised;
* ``report``: all of it together.
"""

from .report import RealtorFigures, Statistics, statistics_of
from .spans import LONGEST_DAYS, USUAL_DAYS, Span, spans_of
from .tally import Tally

__all__ = [
    "LONGEST_DAYS",
    "USUAL_DAYS",
    "RealtorFigures",
    "Span",
    "Statistics",
    "Tally",
    "spans_of",
    "statistics_of",
]
