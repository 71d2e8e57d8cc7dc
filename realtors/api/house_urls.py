"""Document 1's calls on houses that are recommended, at its own paths."""

from django.urls import path

from .views.houses import PersonalRecommendView, RecommendView

urlpatterns = [
    path("recommend", RecommendView.as_view()),
    path("personal-recommend", PersonalRecommendView.as_view()),
]
