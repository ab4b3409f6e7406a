"""The sealed stream: opened as it was written, or not at all."""

import io

import pytest

from directive_tracker.backups.errors import Damaged, Refused
from directive_tracker.backups.sealed import FRAME, HEAD, Opening, Sealing, key_name

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
WHOLE = FRAME + 16


def sealed(plain: bytes, *, step: int = 100_000) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, KEY)
    for start in range(0, len(plain), step):
        sealing.write(plain[start : start + step])
    sealing.finish()
    return target.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    return Opening(io.BytesIO(data), key).read()


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 7])
def test_what_was_written_is_read_whatever_its_length(size):
    plain = bytes(number % 251 for number in range(size))

    assert opened(sealed(plain)) == plain


def test_a_sealed_stream_shows_neither_its_content_nor_its_key_and_no_two_are_alike():
    plain = b"danh sach nguoi co cong " * 1000

    first, second = sealed(plain), sealed(plain)

    assert b"nguoi" not in first
    assert KEY not in first
    assert first[HEAD:] != second[HEAD:]
    assert first[10:14].hex() == key_name(KEY)


def test_another_key_is_named_as_such():
    with pytest.raises(Refused) as refused:
        opened(sealed(b"x"), OTHER)

    assert not isinstance(refused.value, Damaged)
    assert f"mã hóa bằng khóa {key_name(KEY)}, còn BACKUP_KEY trên máy này là khóa {key_name(OTHER)}" in str(
        refused.value
    )


DATA = sealed(bytes(3 * FRAME + 100))
FIRST, SECOND = slice(HEAD, HEAD + WHOLE), slice(HEAD + WHOLE, HEAD + 2 * WHOLE)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(DATA[: HEAD - 1], id="cut in the head"),
        pytest.param(DATA[:HEAD], id="head alone"),
        pytest.param(DATA[: HEAD + WHOLE], id="cut after a frame"),
        pytest.param(DATA[: HEAD + 3 * WHOLE], id="last frame missing"),
        pytest.param(DATA[:-1], id="last byte missing"),
        pytest.param(DATA + b"\0", id="a byte more"),
        pytest.param(DATA[:HEAD] + DATA[SECOND] + DATA[FIRST] + DATA[HEAD + 2 * WHOLE :], id="frames swapped"),
        pytest.param(DATA[:HEAD] + DATA[FIRST] + DATA[FIRST] + DATA[HEAD + 2 * WHOLE :], id="a frame twice"),
        pytest.param(DATA[:HEAD] + DATA[HEAD + WHOLE :], id="a frame left out"),
        pytest.param(DATA[:20] + bytes([DATA[20] ^ 1]) + DATA[21:], id="salt flipped"),
        pytest.param(DATA[: HEAD + 500] + bytes([DATA[HEAD + 500] ^ 1]) + DATA[HEAD + 501 :], id="a bit flipped"),
        pytest.param(DATA[:HEAD] + sealed(bytes(3 * FRAME + 100))[HEAD:], id="frames of another backup"),
    ],
)
def test_whatever_is_done_to_it_it_does_not_open(changed):
    with pytest.raises(Damaged):
        opened(changed)
