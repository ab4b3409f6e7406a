"""Which passwords are refused as easily guessed, and with which words."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import (
    COMMON,
    FIGURES,
    OWN,
    REPETITION,
    CommonVietnamesePasswordValidator,
    common_words,
    telex,
)
from tests.factories import make_area, make_membership, make_unit, make_user
from units.models import Role


def refusal(password: str, user: User | None = None) -> str | None:
    """The sentence of our own validator, or None."""
    try:
        CommonVietnamesePasswordValidator().validate(password, user)
    except ValidationError as error:
        return error.messages[0]
    return None


@pytest.mark.parametrize(
    "password",
    [
        "matkhau12345",
        "MatKhau@2024",
        "Mật khẩu 2024",
        "mật khẩu của tôi",
        "MATKHAUMATKHAU1",
        "m4tkh4u2024!!",
        "M@tKh@u123456",
        "maatjkhaaur12",
        "ma65tkha63u99",
        "anhyeuem1990!",
        "4nhy3u3m07051954",
        "Em.Yeu.Anh.99",
        "emyeuanhnhieulam",
        "2024dienbienphu",
        "ĐiệnBiênPhủ0705",
        "d1enb1enphu1954",
        "ddieenjbieenphur",
        "kontum123456!",
        "KonTum_KonTum",
        "quangngai2025",
        "buonmathuot99",
        "hanoivietnam1",
        "daklakgialai1",
        "vanphongtinhuy",
        "VanPhong@2024",
        "bantuyengiao1",
        "mattranto quoc",
        "conganxa12345",
        "huyenuy@#2023",
        "qwertyuiop12",
        "QwErTy123456!",
        "asdfghjkl;123",
        "1qaz2wsx3edc",
        "poiuytrewq11",
        "abcdefghijkl",
        "zxcvbnmasdfgh",
        "aaaabbbbcccc",
        "passw0rd2024!",
        "iloveyou12345",
        "vietnamvodich1",
        "yeuanhx2024!!",
    ],
)
def test_common_words_are_refused_however_they_are_dressed_up(password):
    assert refusal(password) == COMMON


@pytest.mark.parametrize(
    "password",
    ["07051954!!ab", "07/05/1954/!", "0905 123 456!", "0912345678abc", "1975-04-30ab", "3862.524.0260"],
)
def test_dates_and_telephone_numbers_are_refused(password):
    assert refusal(password) == FIGURES


@pytest.mark.parametrize("password", ["abcabcabcabc", "xk3xk3xk3xk3xk3", "zzzzzzzzzzzzzz", "go7pt go7pt go7pt"])
def test_a_short_part_written_many_times_is_refused(password):
    assert refusal(password) == REPETITION


@pytest.mark.parametrize(
    "password",
    [
        "con duong xanh 1954",
        "mây tím ghế gỗ nồi đất",
        "maytimghegonoidat",
        "cầu tre lắc lẻo gập ghềnh",
        "bảy con vịt qua ao hôm thứ hai",
        "k8#Vt!q2Lm9$wZ",
        "correct horse battery staple",
        "ghe da mau nau 7 chiec",
        "quán phở đầu dốc bán chè",
        "Trời mưa mang áo nâu",
    ],
)
def test_words_of_ones_own_pass(password):
    assert refusal(password) is None


def test_the_sentence_says_what_would_be_right():
    assert COMMON == (
        "Mật khẩu này dễ đoán: nó chỉ gồm những từ nhiều người dùng (lời thường nói, địa danh, tên cơ quan, ngày kỷ niệm, "
        "dãy phím) thêm số, dấu hay viết khác đi. Hãy ghép bốn, năm từ không liên quan đến nhau, ví dụ như “mây tím ghế gỗ "
        "nồi đất”, nhưng là những từ của riêng anh/chị."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "tramlaptruyen9",
        "TrạmLậpTruyền@2024",
        "lap truyen 2024",
        "dsrongrieng2024",
        "nguyenvantrong1",
        "TRONG.NV.tramlap",
    ],
)
def test_name_and_unit_of_the_person_are_refused(password):
    user = make_user("trongnv", full_name="Nguyễn Văn Trọng")
    make_membership(user, make_unit("Trạm Lập Truyền", short_name="DS Rông Riêng"))

    assert refusal(password, user) == OWN
    assert refusal("con duong xanh 1954", user) is None


@pytest.mark.django_db
def test_the_area_of_a_registrar_is_refused():
    user = make_user()
    make_membership(user, role=Role.REGISTRAR, area=make_area("Xã Bờ Rông Rua"))
    assert refusal("BoRongRua_2024", user) == OWN
    assert refusal("BoRongRua_2024") is None


@pytest.mark.django_db
def test_the_first_administrator_may_not_take_the_name_of_the_office(client):
    answers = {"full_name": "Y Lan", "username": "ylan", "email": "", "office_name": "Phòng Gò Sậy Vàng"}
    typed = {"password1": "phonggosayvang1", "password2": "phonggosayvang1"}

    response = client.post("/accounts/first-administrator/", {**answers, **typed})

    assert response.context["form"].errors["password2"] == [OWN]
    assert not User.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "\x00" * 20, "😀" * 20, "ㅤ" * 12, "a" * 5000, "gdkn" + "xqw0" * 3000])
def test_odd_input_is_answered(text):
    assert refusal(text) in (None, COMMON, FIGURES, REPETITION)


def test_all_rules_together_are_asked():
    with pytest.raises(ValidationError) as caught:
        validate_password("Matkhau@123")
    assert [error.code for error in caught.value.error_list] == ["password_too_short", "password_common_vi"]


def test_telex_is_spelt_as_it_is_typed():
    assert telex("Mật khẩu đường Bưởi") == "maatj khaaur dduowngf buowir"


def test_the_list_is_long_and_has_no_short_pieces():
    words = common_words()
    assert len(words) > 1000
    assert min(map(len, words)) == 4
