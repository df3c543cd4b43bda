from django.urls import path

from safehold.public.accessibility import views as accessibility
from safehold.public.consent import views as consent
from safehold.public.exit import views as leaving
from safehold.public.feedback import views as feedback
from safehold.public.languages import views as languages
from safehold.public.media import views as media
from safehold.public.places import views as places
from safehold.public.report import urls as report
from safehold.public.returning import news
from safehold.public.returning import views as returning
from safehold.public.support import views as support

app_name = "public"

urlpatterns = [
    *report.urlpatterns,  # first: most of what is asked for is a step of a form
    path("exit/", leaving.leave, name="exit"),
    path("leaving/", leaving.about, name="leaving"),
    path("accessibility/", accessibility.show, name="accessibility"),
    path("files/<str:name>", media.file, name="file"),
    path("easy/<int:number>/", media.easy, name="easy"),
    path("language/", languages.choose, name="languages"),
    path("feedback/", feedback.ask, name="feedback"),
    path("feedback/sent/", feedback.sent, name="feedback-sent"),
    path("support/", support.listing, name="support"),
    path("support/found/", support.found, name="support-found"),
    path("support/found/<int:page>/", support.found, name="support-page"),
    path("places/", places.show, name="places"),
    path("places/answers.atom", places.feed, name="places_feed"),
    path("cookies/", consent.about, name="cookies"),
    path("cookies/kept/", consent.kept, name="cookies-kept"),
    path("return/", returning.come_back, name="return"),
    path("return/news/", news.news, name="news"),
    path("return/again/", returning.again, name="return-again"),
    path("return/destroyed/", returning.destroyed, name="return-destroyed"),
    path("return/ended/", returning.ended, name="return-ended"),
    path("return/closed/", returning.closed, name="return-closed"),
    path("return/gone/", returning.gone, name="return-gone"),
    path("return/later/", returning.later, name="return-later"),
]
