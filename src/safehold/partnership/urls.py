from django.urls import path

from safehold.partnership import agencies, exports, must_not, services, share_page, shares

app_name = "partnership"

# Ids say nothing: no name and no agency ever stands in an address or a title.
urlpatterns = [
    path("cases/<uuid:case_id>/print/", exports.working_print, name="case_print"),
    path("cases/<uuid:case_id>/export/", exports.new, name="export_new"),
    path("exports/", exports.listing, name="exports"),
    path("exports/<uuid:export_id>/", exports.export, name="export"),
    path("exports/<uuid:export_id>/agree/", exports.agree, name="export_agree"),
    path("exports/<uuid:export_id>/make/", exports.make, name="export_make"),
    path("exports/<uuid:export_id>/file/", exports.file, name="export_file"),
    path("exports/<uuid:export_id>/review/", exports.review, name="export_review"),
    path("services/", services.listing, name="services"),
    path("services/new/", services.new, name="service_new"),
    path("services/<uuid:service_id>/", services.service, name="service"),
    path("services/<uuid:service_id>/asked/", services.verify, name="service_verify"),
    path("services/<uuid:service_id>/withdraw/", services.withdraw, name="service_withdraw"),
    path("agencies/", agencies.listing, name="agencies"),
    path("agencies/new/", agencies.new, name="agency_new"),
    path("agencies/<uuid:agency_id>/", agencies.agency, name="agency"),
    path("agencies/<uuid:agency_id>/end/", agencies.end, name="agency_end"),
    path("agencies/<uuid:agency_id>/key/", agencies.enter_key, name="key_enter"),
    path("agencies/keys/<uuid:key_id>/confirm/", agencies.confirm_key, name="key_confirm"),
    path("agencies/keys/<uuid:key_id>/end/", agencies.end_key, name="key_end"),
    path("reports/<uuid:report_id>/must-not-receive/", must_not.the_list, name="must_not"),
    path("reports/<uuid:report_id>/must-not-receive/add/", must_not.add, name="must_not_add"),
    path("must-not-receive/<uuid:entry_id>/end/", must_not.end, name="must_not_end"),
    path("reports/<uuid:report_id>/share/", share_page.new, name="share_new"),
    path("shares/", shares.listing, name="shares"),
    path("shares/<uuid:share_id>/", shares.share, name="share"),
    path("shares/<uuid:share_id>/agree/", shares.agree, name="share_agree"),
    path("shares/<uuid:share_id>/review/", shares.review, name="share_review"),
    path("shares/<uuid:share_id>/make/", shares.make, name="share_make"),
    path("shares/<uuid:share_id>/file/", shares.file, name="share_file"),
    path("shares/<uuid:share_id>/note/", shares.note, name="share_note"),
]
