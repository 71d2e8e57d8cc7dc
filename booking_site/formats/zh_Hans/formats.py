"""Django writes the month with a zero before it: 03月2日. Nobody does."""

MONTH_DAY_FORMAT = "n月j日"
