#!/bin/sh
# install.sh run|dev PYTHON – makes .venv and installs the pinned packages, once for each state of the pins.
# Says one Vietnamese line on what to do when something is missing.
set -eu
what=$1
python=${2:-}
case $what in run) list=requirements.txt ;; dev) list=requirements-dev.txt ;; *) exit 2 ;; esac

stop() { echo "$*" >&2; exit 1; }

hash=$(cat requirements.txt constraints.txt "$list" | cksum)
if [ -x .venv/bin/python ] && [ "$(cat ".venv/$what.stamp" 2>/dev/null)" = "$hash" ]; then exit 0; fi
# What development installed contains what running needs.
if [ "$what" = run ] && [ -x .venv/bin/python ] &&
   [ "$(cat .venv/dev.stamp 2>/dev/null)" = "$(cat requirements.txt constraints.txt requirements-dev.txt | cksum)" ]; then
  exit 0
fi

[ -n "$python" ] && command -v "$python" >/dev/null ||
  stop "Chưa có Python: hãy cài Python 3.11 trở lên (Debian/Ubuntu: apt-get install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "Cần Python 3.11 trở lên, máy đang có $("$python" -V 2>&1): hãy chạy make run PYTHON=/đường/dẫn/python3.11"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

if ! .venv/bin/python -c '' 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  echo "Tạo .venv …" >&2
  if ! "$python" -m venv --clear .venv >"$log" 2>&1; then
    # Bare Debian has Python without ensurepip.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "Cài gói python3-venv …" >&2
      { apt-get -q -y update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install python3-venv; } >"$log" 2>&1 || true
    fi
    "$python" -m venv --clear .venv >"$log" 2>&1 || {
      rm -rf .venv
      stop "Không tạo được .venv: hãy cài gói python3-venv (Debian/Ubuntu: sudo apt-get install python3-venv) rồi chạy lại"
    }
  fi
fi

echo "Cài các gói trong $list …" >&2
# uv takes seconds where pip takes most of a minute; pip does as well where uv cannot be had.
.venv/bin/python -m pip install -q --disable-pip-version-check uv >"$log" 2>&1 || true
if [ -x .venv/bin/uv ] && VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install -q -r "$list" >"$log" 2>&1; then :
elif .venv/bin/python -m pip install -q --disable-pip-version-check -r "$list" >"$log" 2>&1; then :
else
  cp "$log" .venv/install.log
  stop "Không tải được các gói: hãy kiểm tra mạng (hoặc đặt PIP_INDEX_URL tới kho gói trong cơ quan) rồi chạy lại; chi tiết: .venv/install.log"
fi
printf '%s\n' "$hash" >".venv/$what.stamp"
