"""Payments: opened and looked at by customers, heard of from gateways, summed up for stores."""

from .callbacks import CallbackView
from .payments import PaymentsView, PaymentView
from .reporting import ReportView

__all__ = ["CallbackView", "PaymentView", "PaymentsView", "ReportView"]
