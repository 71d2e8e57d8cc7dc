"""The pages of conversations."""

from django.urls import path

from chat.views import (
    blocking,
    groups,
    menu,
    opening,
    parts,
    reading,
    reporting,
    searching,
    writing,
)

app_name = "chat"
urlpatterns = [
    path("", reading.index, name="list"),
    path("list/", parts.rows, name="rows"),
    path("unread/", parts.unread, name="unread"),
    path("search/", searching.search, name="search"),
    path("new/", opening.new, name="new"),
    path("groups/new/", groups.new, name="new_group"),
    path("blocks/", blocking.blocks, name="blocks"),
    path("blocks/<int:user_id>/remove/", blocking.unblock, name="unblock"),
    path("<int:conversation_id>/", reading.thread, name="thread"),
    path("<int:conversation_id>/messages/", parts.messages, name="messages"),
    path("<int:conversation_id>/send/", writing.send, name="send"),
    path("<int:conversation_id>/read/", writing.read, name="read"),
    path("<int:conversation_id>/mute/", menu.mute, name="mute"),
    path("<int:conversation_id>/block/", blocking.block, name="block"),
    path("<int:conversation_id>/report/", reporting.report, name="report"),
    path("<int:conversation_id>/members/", groups.members, name="members"),
    path("<int:conversation_id>/rename/", groups.rename, name="rename"),
    path("<int:conversation_id>/add/", groups.add, name="add"),
    path("<int:conversation_id>/leave/", groups.leave, name="leave"),
    path("<int:conversation_id>/<int:message_id>/edit/", writing.edit, name="edit"),
    path("<int:conversation_id>/<int:message_id>/take-back/", writing.take_back, name="take_back"),
]
