"""Pages of appointments: booking, looking up, changing."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from appointments import listing_urls
from appointments.views import (
    agreeing,
    board,
    boarding,
    booking,
    changing,
    courses,
    desk,
    desks,
    feed,
    feedback,
    live,
    looking_up,
    ordering,
    queue,
    seats,
    stays,
)
from appointments.views.console import (
    answering,
    appointment,
    calendar,
    hours,
    nights,
    opening,
    orders,
    own_page,
    presence,
    session,
    session_rule,
    sessions,
    statistics,
    time_off,
    today,
)


class CodeConverter(StringConverter):
    regex = r"[0-9]{6}"


class TokenConverter(StringConverter):
    regex = r"[A-Za-z0-9_-]{20,64}"


register_converter(CodeConverter, "code")
register_converter(TokenConverter, "token")

console: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("presence/", presence.presence, name="presence"),
    path("heartbeat/", presence.alive, name="heartbeat"),
    path("appointments/<int:appointment_id>/accept/", answering.accept, name="accept"),
    path("appointments/<int:appointment_id>/decline/", answering.decline, name="decline"),
    path("appointments/<int:appointment_id>/start/", answering.start, name="start"),
    path("appointments/<int:appointment_id>/complete/", answering.complete, name="complete"),
    path("appointments/<int:appointment_id>/no-show/", answering.no_show, name="no_show"),
    path("appointments/<int:appointment_id>/arrived/", answering.check_in, name="check_in"),
    path("appointments/<int:appointment_id>/cancel/", appointment.cancel, name="cancel"),
    path("appointments/<int:appointment_id>/note/", appointment.note, name="note"),
    path("appointments/<int:appointment_id>/", appointment.appointment, name="appointment"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar.feed, name="feed"),
    path("boarding/", nights.boarding, name="boarding"),
    path("orders/", orders.orders, name="orders"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", opening.new_session, name="new_session"),
    path("sessions/recurring/new/", opening.new_rule, name="new_rule"),
    path("sessions/recurring/<int:rule_id>/", session_rule.session_rule, name="session_rule"),
    path("sessions/<int:session_id>/", session.session, name="session"),
    path("sessions/<int:session_id>/edit/", opening.edit_session, name="edit_session"),
    path("sessions/<int:session_id>/block/", session.block, name="block_session"),
    path("sessions/<int:session_id>/unblock/", session.unblock, name="unblock_session"),
    path("sessions/<int:session_id>/call-off/", session.call_off, name="call_off_session"),
    path("sessions/<int:session_id>/held/", session.held, name="session_held"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("hours/", hours.hours, name="hours"),
    path("listings/", include(listing_urls)),
    path("page/", own_page.own_page, name="own_page"),
    path("time-off/", time_off.time_off, name="time_off"),
    path("time-off/<int:off_id>/remove/", time_off.remove, name="remove_time_off"),
]

app_name = "appointments"
urlpatterns = [
    path("stores/<int:store_id>/hold/", booking.hold_time, name="hold"),
    path("stores/<int:store_id>/queue/", queue.queue_details, name="queue"),
    path("stores/<int:store_id>/queue/confirm/", queue.queue_confirm, name="queue_confirm"),
    path("stores/<int:store_id>/live/", live.live_details, name="live"),
    path("stores/<int:store_id>/live/confirm/", live.live_confirm, name="live_confirm"),
    path("stores/<int:store_id>/board", board.board, name="board"),
    path("stores/<int:store_id>/board/", board.board),
    path("stores/<int:store_id>/desk/", desk.desk, name="desk"),
    path("stores/<int:store_id>/desk/walk-in/", desk.walk_in, name="desk_walk_in"),
    path("stores/<int:store_id>/desk/<code:code>/", desk.at_desk, name="desk_code"),
    path("desks/", desks.desks, name="desks"),
    path("book/<token:token>/", booking.details, name="details"),
    path("book/<token:token>/confirm/", booking.confirm, name="confirm"),
    path("courses/<int:course_id>/", courses.course, name="course"),
    path("courses/<int:course_id>/wish/", courses.wish, name="wish_for_seat"),
    path("courses/<int:course_id>/choose/", seats.choose, name="choose_seats"),
    path("courses/<int:course_id>/book/", seats.book, name="book_seats"),
    path("boarding/<int:place_id>/", boarding.boarding, name="boarding"),
    path("boarding/<int:place_id>/book/", stays.book, name="book_stay"),
    path("services/<int:service_id>/order/", ordering.order, name="order"),
    path("services/<int:service_id>/order/details/", ordering.order_details, name="order_details"),
    path("track/", looking_up.track, name="track"),
    path("appointments/", looking_up.mine, name="mine"),
    path("appointments/<code:code>/", looking_up.detail, name="detail"),
    path("appointments/<code:code>/calendar.ics", looking_up.calendar, name="calendar"),
    path("appointments/<code:code>/proof/", looking_up.prove, name="prove"),
    path("appointments/<code:code>/feedback/", feedback.feedback, name="feedback"),
    path("appointments/<code:code>/cancel/", changing.cancel, name="cancel"),
    path("appointments/<code:code>/call-off/", agreeing.call_off, name="call_off"),
    path("appointments/<code:code>/reschedule/", changing.reschedule, name="reschedule"),
    path("calendar/<token:token>.ics", feed.feed, name="feed"),
    path("console/", include((console, "console"))),
]
