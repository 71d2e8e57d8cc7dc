"""Document 4's calls on orders, under /api/v1/orders."""

from django.urls import path

from .views.orders import (
    AskToCancelView,
    CancelAnswerView,
    CancelOrderView,
    CompleteOrderView,
    ConfirmOrderView,
    DeclineOrderView,
    OrdersView,
    OrderView,
    StartOrderView,
    TakeBackView,
)

ORDER = "orders/<str:order_id>"

urlpatterns = [
    path("orders", OrdersView.as_view()),
    path(ORDER, OrderView.as_view()),
    path(f"{ORDER}/confirm", ConfirmOrderView.as_view()),
    path(f"{ORDER}/decline", DeclineOrderView.as_view()),
    path(f"{ORDER}/start", StartOrderView.as_view()),
    path(f"{ORDER}/complete", CompleteOrderView.as_view()),
    path(f"{ORDER}/cancel", CancelOrderView.as_view()),
    path(f"{ORDER}/cancel-request", AskToCancelView.as_view()),
    path(f"{ORDER}/cancel-request/withdraw", TakeBackView.as_view()),
    path(f"{ORDER}/cancel-response", CancelAnswerView.as_view()),
]
