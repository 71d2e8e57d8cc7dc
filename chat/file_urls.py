"""Files of messages, handed out one by one to who may see them."""

from django.urls import URLPattern

app_name = "chat_files"
urlpatterns: list[URLPattern] = []
