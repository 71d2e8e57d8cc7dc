"""Document 1's two calls on sockets, at its own paths."""

from django.urls import path

from .views.realtime import OnlineUsersView, SocketStatsView

urlpatterns = [
    path("online-users", OnlineUsersView.as_view()),
    path("stats", SocketStatsView.as_view()),
]
