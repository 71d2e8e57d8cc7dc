"""The pages of notifications."""

from django.urls import path

from notifications.views import preferences, reading

app_name = "notifications"
urlpatterns = [
    path("", reading.index, name="list"),
    path("read/", reading.read_all, name="read_all"),
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("<int:u>/open/", reading.open_one, name="open"),
]
