"""Files of messages, handed out one by one to who may have them."""

from django.urls import path

from .views import files

app_name = "chat_files"
urlpatterns = [
    path("<slug:key>/", files.large, name="large"),
    path("<slug:key>/small/", files.small, name="small"),
]
