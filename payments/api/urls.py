from django.urls import path

from .views import CallbackView, PaymentsView, PaymentView, ReportView

urlpatterns = [
    path("payments", PaymentsView.as_view()),
    path("payments/report", ReportView.as_view()),
    path("payments/callback/<slug:gateway>", CallbackView.as_view()),
    path("payments/<str:payment_id>", PaymentView.as_view()),
]
