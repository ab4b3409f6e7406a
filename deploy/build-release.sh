#!/bin/sh
# Makes a release ready to run in its own folder, beside the one that runs: environment, packages, static files.
#   sh /opt/theodoi/releases/2026-11-29/deploy/build-release.sh
# Touches neither the database nor the running release. Run again after a failure, it starts afresh.
set -eu
umask 022
cd "$(dirname "$0")/.."
stop() { echo "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop "Hãy chạy bằng root"
[ -r /etc/theodoi/theodoi.env ] || stop "Chưa có /etc/theodoi/theodoi.env (docs/deployment.md, bước 5)"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Cần Python 3.11 trở lên (Debian 12: apt-get install python3 python3-venv)"

rm -rf .venv staticfiles
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt ||
  stop "Không tải được các gói Python; máy không ra được Internet thì xem docs/deployment.md, bước 6"
.venv/bin/python -m compileall -q .venv accounts directive_tracker notifications records tasks units veterans
# Settings that do not hold stop here, before anything is switched.
ENV_FILE=/etc/theodoi/theodoi.env .venv/bin/python manage.py check --deploy --fail-level WARNING
ENV_FILE=/etc/theodoi/theodoi.env STATIC_ROOT= .venv/bin/python manage.py collectstatic --no-input --verbosity 0
chmod -R go+rX,go-w .
echo "Đã dựng xong bản trong $PWD"
