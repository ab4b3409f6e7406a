"""A count as people type it: every way of writing, with the sentence it gets."""

import pytest

from tasks.indicators.typed import read_count

PLAIN = "Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("   ", None),
        ("0", 0),
        ("007", 7),
        ("1234", 1234),
        ("1.234", 1234),
        (" 1 234 ", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234.567", 1234567),
        ("410.000.000", 410_000_000),
        ("999.999.999.999.999", 999_999_999_999_999),
    ],
)
def test_whole_numbers_are_read_in_every_way_offices_write_them(typed, number):
    assert read_count(typed) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234,5", "“1.234,5” có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi 1.234 hoặc 1.235."),
        (
            "1,234.5",
            "“1,234.5” có phần lẻ và ngăn hàng nghìn bằng dấu phẩy; mục này chỉ ghi số nguyên, "
            "hàng nghìn ngăn bằng dấu chấm. Xin ghi 1.234 hoặc 1.235.",
        ),
        (
            "1,234",
            "“1,234”: dấu phẩy ngăn phần lẻ, mục này chỉ ghi số nguyên. Nếu ý là 1.234, xin ghi 1.234.",
        ),
        (
            "12,345,678",
            "“12,345,678”: hàng nghìn ngăn bằng dấu chấm, không bằng dấu phẩy. Nếu ý là 12.345.678, xin ghi 12.345.678.",
        ),
        ("12 buổi", "“12 buổi” có chữ: đơn vị tính (buổi) đã in bên cạnh, chỉ ghi số. Xin ghi 12."),
        ("1.200buổi", "“1.200buổi” có chữ: đơn vị tính (buổi) đã in bên cạnh, chỉ ghi số. Xin ghi 1.200."),
        ("10 triệu", "“10 triệu”: xin ghi đủ các chữ số, ví dụ 10.000.000."),
        ("1,5 tỷ đồng", "“1,5 tỷ đồng”: xin ghi đủ các chữ số, ví dụ 1.500.000.000."),
        ("3 tỷ rưỡi", "“3 tỷ rưỡi”: xin ghi đủ các chữ số."),
        ("-5", "“-5” là số âm: số liệu chỉ từ 0 trở lên. Nếu cần giảm số đã báo cáo, xin ghi lại số đúng."),
        ("1.23", f"“1.23”: dấu chấm ngăn từng nhóm ba chữ số, phần lẻ không ghi được. {PLAIN}"),
        ("1e5", f"“1e5” không phải một số nguyên. {PLAIN}"),
        ("50-60", f"“50-60” không phải một số nguyên. {PLAIN}"),
        ("mười", f"“mười” không phải số. {PLAIN}"),
        ("１２", f"“１２” không phải số. {PLAIN}"),
        ("9" * 16, f"“{'9' * 16}” lớn quá mức ghi được. Xin xem lại số và đơn vị tính."),
        ("9" * 40, f"“{'9' * 29}…” lớn quá mức ghi được. Xin xem lại số và đơn vị tính."),
    ],
)
def test_what_is_no_whole_number_is_told_what_was_meant(typed, sentence):
    with pytest.raises(ValueError) as refusal:
        read_count(typed, measure="buổi")

    assert str(refusal.value) == sentence
