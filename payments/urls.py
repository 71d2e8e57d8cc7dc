"""Pages of paying."""

from django.urls import path

# Makes the converter of booking codes known.
import appointments.urls  # noqa: F401
from payments.views import checkout, earnings, going, mine, sandbox

app_name = "payments"
urlpatterns = [
    path("bookings/<code:code>/pay/", checkout.checkout, name="checkout"),
    path("bookings/<code:code>/paid/", checkout.paid, name="paid"),
    path("payments/<slug:number>/", going.go, name="go"),
    path("payments/sandbox/<slug:number>/", sandbox.sandbox, name="sandbox"),
    path("accounts/payments/", mine.mine, name="mine"),
    path("console/earnings/", earnings.earnings, name="earnings"),
]
