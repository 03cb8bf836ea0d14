#!/bin/sh
# Installs the Debian packages named in the given lists that are missing.
# Says what is missing, and goes on, where it may not install (no root, no apt).
set -eu
# A tool that is there by other means (a newer Node.js, say) counts as installed.
present() {
    case "$1" in
        nodejs) command -v node >/dev/null ;;
        npm) command -v npm >/dev/null ;;
        python3) command -v python3 >/dev/null ;;
        python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        *) dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii' ;;
    esac
}
missing=""
for list in "$@"; do
    for package in $(grep -v '^#' "$list"); do
        present "$package" || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "Not a Debian system. Please install by your own means:$missing" >&2
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Missing Debian packages, and no right to install them. As root: apt-get install$missing" >&2
    exit 0
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of names
apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null
