"""Whether a word can be a Vietnamese syllable: by this an old encoding is known where no font tells it.

Source: the inventory of initials and rhymes of school grammars (Đoàn Thiện Thuật, Ngữ âm tiếng Việt).
"""

import re
import unicodedata
from functools import lru_cache

_INITIALS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]|"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyp uyu uơ
ư ưa ưc ưi ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu yn ynh
"""
_SYLLABLE = re.compile(f"(?:{_INITIALS})(?:{'|'.join(sorted(_RHYMES.split(), key=len, reverse=True))})")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_WORD = re.compile(r"[^\W\d_]+")
# Rhymes that end in these carry no tone but sắc and nặng.
_STOPPED = re.compile(r"(?:[cpt]|ch)$")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """One word, of letters: an initial and a rhyme that exist, with one tone at most."""
    signs = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in signs if sign in _TONES]
    bare = unicodedata.normalize("NFC", "".join(sign for sign in signs if sign not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    return not (_STOPPED.search(bare) and tones and tones[0] not in "\u0301\u0323") or bare.endswith("gi")


@lru_cache(maxsize=20_000)
def _is_short(word: str) -> bool:
    """One letter, or consonants alone."""
    return len(word) == 1 or not any(sign in "aeiouy" for sign in unicodedata.normalize("NFD", word.lower()))


def score(text: str) -> int:
    """How many of its accented words are syllables, less twice those that are none; stray signs count as none."""
    good = bad = 0
    for word in _WORD.findall(text):
        if not word.isascii() and not _is_short(word):
            if is_syllable(word):
                good += 1
            else:
                bad += 1
    # An abbreviation ("Đ/c", "SĐT") is neither.
    bad += sum(1 for sign in text if "\x80" <= sign <= "\xff" and not sign.isalpha() and sign not in "\xa0°·«»")
    return good - 2 * bad
