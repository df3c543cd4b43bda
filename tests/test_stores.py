"""The two stores stay apart, and a test that commits has a pair of its own."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction

from safehold.config.stores import StoreRouter, database, databases

pytestmark = pytest.mark.database


@pytest.mark.django_db(databases="__all__")
def test_each_app_lives_in_its_own_store():
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in connections}

    assert "staff_member" in tables["default"]
    assert "staff_member" not in tables["intake"]
    assert not {name for name in tables["intake"] if name.startswith(("auth_", "wagtail"))}


def test_what_a_test_commits_is_gone_with_its_copy(committed_stores):
    with transaction.atomic():
        get_user_model().objects.create(username="committed")
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_the_next_test_finds_nothing_of_it():
    assert get_user_model().objects.count() == 0


def test_the_public_site_is_not_told_where_records_are():
    found = databases(site="public", records_url="sqlite:////records", intake_url="sqlite:////i")

    assert found["default"] == {}
    assert "records" not in str(found)


def test_no_relation_crosses_the_stores():
    from django.apps import apps

    router = StoreRouter()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model not in (None, "self"):
                assert router.db_for_read(model) == router.db_for_read(field.related_model), field


def test_postgresql_compiles_no_question_and_keeps_what_the_address_says() -> None:
    plain = database("postgresql://staff@localhost/records")
    told = database("postgresql://staff@localhost/records?options=-c%20work_mem=8MB")
    assert plain["OPTIONS"]["options"] == "-c jit=off"
    assert told["OPTIONS"]["options"] == "-c work_mem=8MB -c jit=off"
