"""Unicode → TCVN3 and VNI, as the typists of the time had it; tables typed from the standards, not from the reader."""

import unicodedata

_PLAIN = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
_TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ"
_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True))
_VNI_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HAT = {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_VNI_BREVE = {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_I = {"\u0300": "ì", "\u0301": "í", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}


def tcvn3(text: str) -> str:
    """A capital with a tone has no sign of its own: the small one is typed."""
    table = dict(zip(_PLAIN, _TCVN3, strict=True)) | _CAPITALS
    return "".join(table.get(sign) or table.get(sign.lower(), sign) for sign in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """Each accented letter is a letter and a sign."""
    return "".join(_vni_letter(sign) for sign in unicodedata.normalize("NFC", text))


def _vni_letter(sign: str) -> str:
    small = sign.lower()
    written = _vni_small(small)
    return written.upper() if sign != small else written


def _vni_small(sign: str) -> str:
    if sign == "đ":
        return "ñ"
    if sign == "ỵ":
        return "î"
    base, *marks = unicodedata.normalize("NFD", sign)
    tone = next((mark for mark in marks if mark in _VNI_TONES), "")
    if "\u0302" in marks:
        return base + _VNI_HAT[tone]
    if "\u0306" in marks:
        return base + _VNI_BREVE[tone]
    if "\u031b" in marks:
        return {"o": "ô", "u": "ö"}[base] + _VNI_TONES.get(tone, "")
    if base == "i" and tone:
        return _VNI_I[tone]
    return base + _VNI_TONES.get(tone, "") if tone else sign
