"""Pictures of what realtors offer."""

from django.urls import path

from realtors.views import pictures

app_name = "realtors"
urlpatterns = [
    path("listings/pictures/<slug:key>.jpg", pictures.large, name="picture"),
    path("listings/pictures/<slug:key>/small.jpg", pictures.small, name="picture_small"),
]
