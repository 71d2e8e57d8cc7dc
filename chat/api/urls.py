from django.urls import path

from . import views

OWN = "conversations/<str:conversation_id>"

urlpatterns = [
    path("conversations", views.ConversationsView.as_view()),
    path(OWN, views.ConversationView.as_view()),
    path(f"{OWN}/participants", views.ParticipantsView.as_view()),
    path(f"{OWN}/leave", views.LeaveView.as_view()),
    path(f"{OWN}/attachments", views.AttachmentsView.as_view()),
    path(f"{OWN}/messages", views.MessagesView.as_view()),
    path(f"{OWN}/messages/<str:message_id>", views.MessageView.as_view()),
    path(f"{OWN}/orders", views.TalkOrdersView.as_view()),
    path(f"{OWN}/read", views.ChatReadView.as_view()),
    path(f"{OWN}/mute", views.MuteView.as_view()),
    path(f"{OWN}/report", views.ChatReportView.as_view()),
    path("blocks", views.BlocksView.as_view()),
    path("blocks/<str:user_id>", views.BlockView.as_view()),
    path("search", views.SearchView.as_view()),
    path("unread", views.UnreadView.as_view()),
]
