from django.urls import path

from .views import PhotosView, PhotoView, ReplyView, ReportView, ReviewsView, SummaryView

urlpatterns = [
    path("reviews", ReviewsView.as_view()),
    path("reviews/summary", SummaryView.as_view()),
    path("reviews/photos", PhotosView.as_view()),
    path("reviews/photos/<str:key>", PhotoView.as_view()),
    path("reviews/<str:review_id>/reply", ReplyView.as_view()),
    path("reviews/<str:review_id>/report", ReportView.as_view()),
]
