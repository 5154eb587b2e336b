"""All addresses of the staff's pages. English and stable; nothing about anybody stands in them but random ids."""

from django.urls import path, register_converter
from django.urls.converters import UUIDConverter

from fjorten.web.access_log import given
from fjorten.web.access_log import views as access_log
from fjorten.web.administration import views as administration
from fjorten.web.administration.clinics import views as clinics
from fjorten.web.administration.ladder import views as ladder
from fjorten.web.administration.programme import views as programme
from fjorten.web.administration.rosters import views as rosters
from fjorten.web.administration.staff import views as staff
from fjorten.web.calendar import absences, booking, capacity, rebooking
from fjorten.web.calendar import views as calendar
from fjorten.web.case import views as case
from fjorten.web.child import views as child
from fjorten.web.day_converter import DayConverter
from fjorten.web.language import views as language
from fjorten.web.messages import letters
from fjorten.web.messages import tasks as message_tasks
from fjorten.web.messages import texts as message_texts
from fjorten.web.messages import views as messages
from fjorten.web.number_converter import NumberConverter
from fjorten.web.register import views as register
from fjorten.web.search import views as search
from fjorten.web.signin import views as signin
from fjorten.web.status import views as status
from fjorten.web.today import queueing
from fjorten.web.today import views as today
from fjorten.web.worklist import acting, inviting
from fjorten.web.worklist import views as worklist

register_converter(DayConverter, "day")
register_converter(UUIDConverter, "id")
register_converter(NumberConverter, "number")

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("own-password/", signin.own_password, name="own_password"),
    path("language/", language.choose, name="choose_language"),
    path("", today.start, name="start"),
    path("today/", today.today, name="today"),
    path("today/<day:day>/", today.today, name="day"),
    path("reception/", today.reception, name="reception"),
    path("drop-in/", today.drop_in, name="drop_in"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/print/", worklist.print_list, name="print_worklist"),
    path("worklist/open-journals/", acting.open_journals, name="open_journals"),
    path("worklist/give/", acting.give, name="give_cases"),
    path("worklist/invite/", inviting.invite, name="invite"),
    path("worklist/send/", inviting.send, name="send_invitations"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<day:day>/", calendar.week, name="week"),
    path("calendar/absence/", absences.absence, name="absence"),
    path("calendar/end-absence/", absences.end_absence, name="end_absence"),
    path("calendar/rebook/", rebooking.rebook, name="rebook"),
    path("calendar/capacity/", capacity.capacity, name="capacity"),
    path("search/", search.search, name="search"),
    path("child/<id:public_id>/", child.child, name="child"),
    path("child/<id:public_id>/open-journal/", child.open_journal, name="open_journal"),
    path("child/<id:public_id>/drop-in/", queueing.put_on_drop_in, name="put_on_drop_in"),
    path("child/<id:public_id>/break-glass/", child.break_glass, name="break_glass"),
    path("child/<id:public_id>/times/", booking.times, name="times"),
    path("child/<id:public_id>/cancel/", booking.cancel, name="cancel_appointment"),
    path("child/<id:public_id>/uncancel/", booking.uncancel, name="uncancel"),
    path("child/<id:public_id>/case/", case.case, name="case"),
    path("child/<id:public_id>/chronology/", case.chronology, name="chronology"),
    *(path(f"child/<id:public_id>/case/{name}/", do, name=f"case_{name}") for name, do in case.DOING.items()),
    path("messages/", messages.messages, name="messages"),
    path("messages/<number:number>/", messages.message, name="message"),
    path("messages/<number:number>/settle/", messages.settle, name="settle_message"),
    path("messages/<number:number>/another-way/", messages.another_way, name="message_another_way"),
    path("messages/tasks/<number:number>/", message_tasks.task, name="contact_task"),
    path("messages/tasks/<number:number>/finish/", message_tasks.finish, name="finish_contact_task"),
    path("messages/tasks/<number:number>/hand-on/", message_tasks.hand_on, name="hand_on_contact_task"),
    path("messages/unknown/<number:number>/", message_tasks.unknown_sender, name="unknown_sender"),
    path("messages/unknown/<number:number>/see-to/", message_tasks.see_to, name="see_to_unknown_sender"),
    path("messages/letters/", letters.letters, name="letters"),
    path("messages/letters/print/", letters.print_waiting, name="print_letters"),
    path("messages/letters/returned/", letters.returned, name="letter_returned"),
    path("messages/letters/<number:number>/", letters.batch, name="batch"),
    path("messages/letters/<number:number>/download/", letters.download, name="download_batch"),
    path("messages/letters/<number:number>/handed-over/", letters.handed_over, name="batch_handed_over"),
    path("messages/letters/<number:number>/<number:letter>/take-out/", letters.take_out, name="take_out_letter"),
    path("messages/texts/", message_texts.texts, name="texts"),
    path("messages/texts/<slug:kind>/", message_texts.text, name="text"),
    path("messages/texts/<slug:kind>/<slug:channel>/<slug:language>/approve/", message_texts.approve, name="approve_text"),
    path("messages/texts/<slug:kind>/<slug:channel>/<slug:language>/withdraw/", message_texts.withdraw, name="withdraw_text"),
    path("child/<id:public_id>/access-log/", access_log.childs_log, name="childs_log"),
    path("child/<id:public_id>/access-log/extract/", access_log.extract_of_log, name="extract_of_log"),
    path("child/<id:public_id>/access/", given.childs_access, name="childs_access"),
    *(path(f"child/<id:public_id>/access/{name}/", do, name=f"access_{name}") for name, do in given.DOING.items()),
    path("access-log/", access_log.access_log, name="access_log"),
    path("access-log/emergency/", access_log.review_emergency, name="review_emergency"),
    path("access-log/odd/", access_log.review_odd, name="review_odd"),
    path("access-log/reviewed/", access_log.reviewed_log, name="reviewed_log"),
    path("access-log/employee/", access_log.employees_log, name="employees_log"),
    path("access-log/protected/", given.protected_team, name="protected_children"),
    path("access-log/protected/name/", given.name_for, name="name_for"),
    path("access-log/protected/unname/", given.unname_from, name="unname_from"),
    path("status/", status.status, name="status"),
    path("register/", register.register, name="register"),
    path("register/settle/", register.settle, name="register_settle"),
    path("register/put-aside/", register.wait, name="register_wait"),
    path("register/open-journals/", register.open_journals, name="register_open_journals"),
    path("settings/", administration.settings, name="settings"),
    path("settings/staff/", staff.staff, name="settings_staff"),
    path("settings/staff/hire/", staff.hire_somebody, name="settings_hire"),
    path("settings/staff/<number:number>/", staff.employee, name="settings_employee"),
    path("settings/staff/<number:number>/leave/", staff.end, name="settings_leave"),
    path("settings/staff/<number:number>/deputy/", staff.deputy, name="settings_deputy"),
    path("settings/staff/<number:number>/let-in/", staff.let_in, name="settings_let_in"),
    path("settings/accounts/open/", staff.open_account, name="settings_open_account"),
    path("settings/accounts/<number:number>/", staff.account, name="settings_account"),
    path("settings/accounts/<number:number>/role/", staff.give_role, name="settings_give_role"),
    path("settings/accounts/<number:number>/password/", staff.password, name="settings_password"),
    path("settings/accounts/<number:number>/close/", staff.close_account, name="settings_close_account"),
    path("settings/accounts/<number:number>/reopen/", staff.reopen_account, name="settings_reopen_account"),
    path("settings/accounts/<number:number>/unlock/", staff.unlock_account, name="settings_unlock_account"),
    path("settings/roles/<number:number>/change/", staff.change_role, name="settings_change_role"),
    path("settings/roles/<number:number>/end/", staff.end_role, name="settings_end_role"),
    path("settings/clinics/", clinics.clinics, name="settings_clinics"),
    path("settings/clinics/add/", clinics.add_clinic, name="settings_add_clinic"),
    path("settings/clinics/known-as/", clinics.known_as, name="settings_known_as"),
    path("settings/clinics/<number:number>/rename/", clinics.rename_clinic, name="settings_rename_clinic"),
    path("settings/clinics/<number:number>/found-at/", clinics.found_at, name="settings_clinic_found_at"),
    path("settings/clinics/<number:number>/areas/", clinics.areas, name="settings_clinic_areas"),
    path("settings/clinics/<number:number>/close/", clinics.close_clinic, name="settings_close_clinic"),
    path("settings/clinics/<number:number>/add-room/", clinics.add_room, name="settings_add_room"),
    path("settings/rooms/<number:number>/rename/", clinics.rename_room, name="settings_rename_room"),
    path("settings/rooms/<number:number>/close/", clinics.close_room, name="settings_close_room"),
    path("settings/rosters/", rosters.rosters, name="settings_rosters"),
    path("settings/rosters/add/", rosters.add, name="settings_add_opening"),
    path("settings/rosters/<number:number>/", rosters.opening, name="settings_opening"),
    path("settings/rosters/<number:number>/change/", rosters.change, name="settings_change_opening"),
    path("settings/rosters/<number:number>/end/", rosters.end, name="settings_end_opening"),
    path("settings/programme/", programme.programme, name="settings_programme"),
    path("settings/programme/decide/", programme.decide, name="settings_decide"),
    path("settings/ladder/", ladder.ladder, name="settings_ladder"),
    path("settings/ladder/change/", ladder.change, name="settings_change_ladder"),
]
