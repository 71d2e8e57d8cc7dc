"""What sums of money there are in a currency."""

from decimal import Decimal

CENT = Decimal("0.01")
ONE = Decimal("1.00")
# ISO 4217 currencies that have no smaller unit (Stripe's list).
WHOLE = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)


def unit_of(currency: str) -> Decimal:
    """The smallest sum that can be paid: 0.01 CNY, 1 JPY."""
    return ONE if currency.upper() in WHOLE else CENT
