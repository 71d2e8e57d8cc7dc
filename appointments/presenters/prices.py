"""Prices as people read them."""

from decimal import Decimal


def price(amount: Decimal, currency: str) -> str:
    """``¥40``, ``¥40.50``, ``USD 40.50``: whole ones without their hundredths."""
    figures = f"{amount:,.2f}".removesuffix(".00")
    return f"¥{figures}" if currency == "CNY" else f"{currency} {figures}"
