"""The pages of conversations."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from chat.views import (
    acting,
    blocking,
    groups,
    menu,
    opening,
    ordering,
    parts,
    reading,
    reporting,
    searching,
    writing,
)


class RowConverter(IntConverter):
    """The number of a row. Longer ones are nobody's, and too large for some databases."""

    regex = "[0-9]{1,18}"


register_converter(RowConverter, "row")
app_name = "chat"
urlpatterns = [
    path("", reading.index, name="list"),
    path("list/", parts.rows, name="rows"),
    path("unread/", parts.unread, name="unread"),
    path("search/", searching.search, name="search"),
    path("new/", opening.new, name="new"),
    path("groups/new/", groups.new, name="new_group"),
    path("blocks/", blocking.blocks, name="blocks"),
    path("blocks/<row:user_id>/remove/", blocking.unblock, name="unblock"),
    path("<row:conversation_id>/", reading.thread, name="thread"),
    path("<row:conversation_id>/messages/", parts.messages, name="messages"),
    path("<row:conversation_id>/send/", writing.send, name="send"),
    path("<row:conversation_id>/read/", writing.read, name="read"),
    path("<row:conversation_id>/mute/", menu.mute, name="mute"),
    path("<row:conversation_id>/block/", blocking.block, name="block"),
    path("<row:conversation_id>/report/", reporting.report, name="report"),
    path("<row:conversation_id>/members/", groups.members, name="members"),
    path("<row:conversation_id>/rename/", groups.rename, name="rename"),
    path("<row:conversation_id>/add/", groups.add, name="add"),
    path("<row:conversation_id>/leave/", groups.leave, name="leave"),
    path("<row:conversation_id>/order/", ordering.services, name="services"),
    path("<row:conversation_id>/order/<row:service_id>/", ordering.order, name="order"),
    path(
        "<row:conversation_id>/order/<row:service_id>/details/",
        ordering.order_details,
        name="order_details",
    ),
    path("<row:conversation_id>/orders/<row:order_id>/", acting.act, name="act"),
    path("<row:conversation_id>/<row:message_id>/edit/", writing.edit, name="edit"),
    path("<row:conversation_id>/<row:message_id>/take-back/", writing.take_back, name="take_back"),
]
