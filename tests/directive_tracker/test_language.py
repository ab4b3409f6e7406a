"""Which language a request is answered in, and that Vietnamese is complete."""

import re
from pathlib import Path
from types import SimpleNamespace

import django
import polib
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.paginator import EmptyPage, Paginator
from django.core.validators import FileExtensionValidator, ProhibitNullCharactersValidator, validate_slug
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from directive_tracker.middleware import LanguageMiddleware

DJANGO = Path(django.__file__).parent
OURS = Path(__file__).parents[2] / "locale_extra" / "vi" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")
# What nobody sees here: names of other languages, the start page of an empty project and words for developers.
UNSEEN = ("conf/global_settings.py", "views/templates/default_urlconf.html")


@pytest.fixture(autouse=True)
def same_language_afterwards():
    """The middleware changes the thread's language; put it back."""
    with translation.override(translation.get_language()):
        yield


def answer(cookie=None, user=None, accept="en-US,en;q=0.9"):
    """The language a page is written in and the one its header names."""
    request = RequestFactory().get("/", headers={"accept-language": accept})
    if cookie is not None:
        request.COOKIES["django_language"] = cookie
    if user is not None:
        request.user = user
    response = LanguageMiddleware(lambda _: HttpResponse(translation.get_language()))(request)
    return response.content.decode(), response.headers["Content-Language"]


@pytest.mark.parametrize("accept", ["en-US,en;q=0.9", "fr", "vi", ""])
def test_the_browser_s_language_is_not_asked(accept):
    assert answer(accept=accept) == ("vi", "vi")


def test_the_cookie_decides_before_the_user_s_own_setting():
    english = SimpleNamespace(language="en")

    assert answer(cookie="en") == ("en", "en")
    assert answer(user=english) == ("en", "en")
    assert answer(cookie="vi", user=english) == ("vi", "vi")


@pytest.mark.parametrize("cookie", ["fr", "", "../../etc", "VI;en", "x" * 5000])
def test_an_unknown_language_is_vietnamese(cookie):
    assert answer(cookie=cookie) == ("vi", "vi")
    assert answer(user=SimpleNamespace(language=cookie)) == ("vi", "vi")
    assert answer(user=SimpleNamespace()) == ("vi", "vi")


def test_one_request_s_language_does_not_reach_the_next():
    answer(cookie="en")

    assert answer() == ("vi", "vi")


def message(validator, value):
    """What a validator says in Vietnamese."""
    with translation.override("vi"), pytest.raises(ValidationError) as refusal:
        validator(value)
    return refusal.value.messages[0]


def test_validation_speaks_vietnamese_where_django_does_not():
    assert message(ProhibitNullCharactersValidator(), "a\0") == "Nội dung có ký tự rỗng (null), không được phép."
    assert message(validate_slug, "a b") == "Chỉ được dùng chữ cái không dấu, chữ số, dấu gạch dưới và dấu gạch nối."
    assert (
        message(FileExtensionValidator(["pdf", "docx"]), SimpleNamespace(name="x.exe"))
        == "Không nhận tệp có đuôi “exe”. Các đuôi được nhận: pdf, docx."
    )
    assert message(forms.IntegerField().clean, "") == "Hãy điền mục này."
    assert message(forms.IntegerField().clean, "x") == "Hãy nhập một số nguyên."
    assert message(forms.IntegerField(step_size=5).clean, "7") == "Giá trị này phải là bội số của 5."


def test_a_page_beyond_the_last_is_told_in_vietnamese():
    with translation.override("vi"), pytest.raises(EmptyPage) as refusal:
        Paginator([1, 2], 1).page(9)

    assert str(refusal.value) == "Trang đó không có kết quả nào"


def test_words_with_a_number_come_from_our_catalogue():
    with translation.override("vi"):
        assert translation.ngettext("%(num)d day", "%(num)d days", 3) % {"num": 3} == "3 ngày"


@pytest.mark.parametrize("app", ["conf", "contrib/admin", "contrib/auth", "contrib/contenttypes"])
def test_no_message_of_django_that_people_can_meet_is_left_in_english(app):
    def catalogue(language):
        return polib.pofile(str(DJANGO / app / "locale" / language / "LC_MESSAGES" / "django.po"))

    known = {(entry.msgctxt, entry.msgid) for entry in catalogue("vi") if entry.translated()}
    known |= {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(OURS))}
    known.add((None, "More information is available with DEBUG=True."))

    assert [
        entry.msgid
        for entry in catalogue("en")
        if (entry.msgctxt, entry.msgid) not in known and entry.occurrences[0][0] not in UNSEEN
    ] == []


def test_every_message_of_our_catalogue_is_still_django_s_and_can_be_filled_in():
    source = {
        (entry.msgctxt, entry.msgid)
        for app in ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes")
        for entry in polib.pofile(str(DJANGO / app / "locale/en/LC_MESSAGES/django.po"))
    }
    ours = polib.pofile(str(OURS))

    assert [entry.msgid for entry in ours if (entry.msgctxt, entry.msgid) not in source] == []
    for entry in ours:
        translated = entry.msgstr or entry.msgstr_plural[0]
        # One too many would raise when the message is shown; one left out only says less.
        assert set(PLACEHOLDER.findall(translated)) <= set(PLACEHOLDER.findall(entry.msgid)), entry.msgid


def test_committed_catalogues_match_their_sources():
    call_command("compilevi", check=True)


CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Report"\nmsgstr "{}"\n'


@pytest.fixture
def source(settings, tmp_path):
    """A .po file of its own below LOCALE_PATHS."""
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE.format("Báo cáo"), encoding="utf-8")
    return path


def test_compiling_writes_what_gettext_reads(source, capsys):
    call_command("compilevi")

    assert [entry.msgstr for entry in polib.mofile(str(source.with_suffix(".mo")))] == ["Báo cáo"]
    assert capsys.readouterr().out == f"{source.with_suffix('.mo')}\n"
    call_command("compilevi", check=True)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (CATALOGUE.format("Báo cáo khác"), "does not match its .po"),
        (CATALOGUE.format(""), "untranslated: Report"),
        (CATALOGUE.format("Báo cáo").replace('msgid "Report"', '#, fuzzy\nmsgid "Report"'), "fuzzy: Report"),
        ("#, fuzzy\n" + CATALOGUE.format("Báo cáo"), "the header is fuzzy"),
    ],
    ids=["stale", "untranslated", "fuzzy", "fuzzy header"],
)
def test_checking_finds_what_is_stale_fuzzy_or_untranslated(source, content, finding):
    call_command("compilevi", verbosity=0)
    source.write_text(content, encoding="utf-8")

    with pytest.raises(CommandError, match=finding):
        call_command("compilevi", check=True)
