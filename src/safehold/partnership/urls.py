from django.urls import path

from safehold.partnership import services

app_name = "partnership"

urlpatterns = [
    path("", services.listing, name="services"),
    path("new/", services.new, name="service_new"),
    path("<uuid:service_id>/", services.service, name="service"),
    path("<uuid:service_id>/asked/", services.verify, name="service_verify"),
    path("<uuid:service_id>/withdraw/", services.withdraw, name="service_withdraw"),
]
