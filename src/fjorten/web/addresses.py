"""All addresses of the staff's pages. English and stable; nothing about anybody stands in them but random ids."""

from django.urls import path, register_converter
from django.urls.converters import UUIDConverter

from fjorten.web.case import views as case
from fjorten.web.child import views as child
from fjorten.web.day_converter import DayConverter
from fjorten.web.register import views as register
from fjorten.web.search import views as search
from fjorten.web.signin import views as signin
from fjorten.web.today import views as today
from fjorten.web.worklist import acting, inviting
from fjorten.web.worklist import views as worklist

register_converter(DayConverter, "day")
register_converter(UUIDConverter, "id")

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-out/", signin.sign_out, name="sign_out"),
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
    path("search/", search.search, name="search"),
    path("child/<id:public_id>/", child.child, name="child"),
    path("child/<id:public_id>/open-journal/", child.open_journal, name="open_journal"),
    path("child/<id:public_id>/break-glass/", child.break_glass, name="break_glass"),
    path("child/<id:public_id>/case/", case.case, name="case"),
    path("child/<id:public_id>/chronology/", case.chronology, name="chronology"),
    *(path(f"child/<id:public_id>/case/{name}/", do, name=f"case_{name}") for name, do in case.DOING.items()),
    path("register/", register.register, name="register"),
    path("register/settle/", register.settle, name="register_settle"),
    path("register/put-aside/", register.wait, name="register_wait"),
    path("register/open-journals/", register.open_journals, name="register_open_journals"),
]
