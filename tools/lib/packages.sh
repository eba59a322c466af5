# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced. Installs what is missing from the distribution's packages; when all is there, it asks dpkg
# and nobody else.

# Names with @ are things that more than one package can bring.
build_packages="@node @npm gcc libc6-dev meson ninja-build pkgconf python3 libevent-dev libjansson-dev libpq-dev
    libgsl-dev libsodium-dev libpcre2-dev libcurl4-openssl-dev libcjose-dev libssl-dev libsqlite3-dev libexpat1-dev
    zlib1g-dev libbrotli-dev libzstd-dev libcmocka-dev @llhttp"
run_packages="curl @postgres"
test_packages="clang clang-format valgrind git chromium openssl slowhttptest zstd @nginx @haproxy"
bench_packages="wrk"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "Packages are missing and this user is neither root nor has sudo: $*" >&2
        return 1
    fi
}

is_installed() {
    case "$1" in
    @llhttp) is_installed libllhttp-dev || is_installed node-llhttp ;;
    @nginx | @haproxy) [ -x "/usr/sbin/${1#@}" ] ;;
    @node) node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null ;;
    @npm) command -v npm >/dev/null ;;
    @postgres) [ -n "$(postgres_bin)" ] ;;
    *) dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed ;;
    esac
}

# The folder of the newest installed PostgreSQL's programs; nothing when there is no server.
postgres_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1)
    [ -z "$found" ] || dirname "$found"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" \
        </dev/null
}

# Debian's server package makes and starts a system-wide cluster when it is first installed, which
# nobody asked for: its own setting is off while the package goes in, and as before afterwards.
install_postgres() {
    local conf=/etc/postgresql-common/createcluster.conf kept status=0
    apt_install postgresql-common || return 1
    kept=$(mktemp)
    cat $conf >"$kept"
    { grep -v '^ *create_main_cluster' "$kept"; echo 'create_main_cluster = off'; } |
        as_root tee $conf >/dev/null
    apt_install postgresql || status=1
    as_root tee $conf <"$kept" >/dev/null
    rm -f "$kept"
    return $status
}

# Daemons that tests start for themselves: Debian would start them for the whole machine, now and at
# every boot.
install_stopped() {
    local policy=/usr/sbin/policy-rc.d status=0
    [ ! -e $policy ] || policy=""
    if [ -n "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null && as_root chmod 755 $policy
    fi
    apt_install "$@" || status=1
    [ -z "$policy" ] || as_root rm -f $policy
    as_root systemctl disable "${@%-light}" >/dev/null 2>&1
    return $status
}

install_package() {
    case "$1" in
    # A library of its own in newer releases; Debian 12 ships its C sources in node-llhttp.
    @llhttp) apt_install libllhttp-dev 2>/dev/null || apt_install node-llhttp ;;
    @nginx) install_stopped nginx-light ;;
    @haproxy) install_stopped haproxy ;;
    @node) apt_install nodejs ;;
    @npm) apt_install npm ;;
    @postgres) install_postgres ;;
    *) apt_install "$@" ;;
    esac
}

# install_missing NAME…
install_missing() {
    local name plain="" special=""
    for name in "$@"; do
        is_installed "$name" && continue
        case "$name" in
        @*) special="$special $name" ;;
        *) plain="$plain $name" ;;
        esac
    done
    [ -n "$plain$special" ] || return 0
    echo "Installing what is missing:$plain$special" >&2
    {
        as_root apt-get update -qq </dev/null || return 1
        # shellcheck disable=SC2086 # a list of names
        [ -z "$plain" ] || install_package $plain || return 1
        for name in $special; do
            install_package "$name" || return 1
        done
    } >&2
}
