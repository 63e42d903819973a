#!/usr/bin/env bash
# Show that `./run` and `./run test` need nothing but a bare Debian 12 with python3.
#
#   tools/bare_debian.sh [setup|start|test] [FOLDER]
#
# The first word says how far to go: installing only, starting too, or all of it (the default).
# Builds the Debian with debootstrap in FOLDER (default: a new temporary one, about 3 GB, removed
# at the end) and tries both commands there: first as root, in a tree below root's own home, then
# as a user without rights for whom root's turn has left the packages. A FOLDER that is named is
# kept, and its Debian is used again. Mirror, proxies and pip's settings are those of this machine.
# Needs root, debootstrap, git and unshare. Ends with a report; the exit status is 0 if all held.
set -euo pipefail

suite=bookworm
port=18700
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A mount and process namespace of our own: whatever happens, nothing stays mounted or running.
if [ "${NGUON_BARE:-}" != inside ]; then
    exec env NGUON_BARE=inside unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" "$@"
fi
trap 'exit 130' INT TERM # the first process of a namespace is deaf to signals it does not name
mount --make-rprivate / && mount -t proc proc /proc

goal='test'
case ${1:-} in setup | start | test) goal=$1 && shift ;; esac
if [ $# -gt 0 ]; then
    work=$1 && mkdir -p "$work"
else
    work=$(mktemp -d /tmp/bare-debian.XXXXXX)
    trap 'umount -R "$work/root" && rm -rf "$work"' EXIT
fi
base=$work/base root=$work/root
report=() failures=0

note() { # OK-STATUS TEXT
    if [ "$1" -eq 0 ]; then report+=("ok      $2"); else report+=("FAILED  $2") && failures=$((failures + 1)); fi
    echo "### ${report[-1]}"
}

build_base() {
    [ -f "$base/complete" ] && return
    local mirror
    # shellcheck disable=SC2016  # apt fills these names in
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v suite=$suite '$1 == suite { print $2; exit }')
    rm -rf "$base"
    debootstrap --variant=minbase --include=python3 $suite "$base" "$mirror"
    touch "$base/complete"
}

enter_base() { # a fresh copy, with this machine's way to the package registries
    rm -rf "$root" && cp -a "$base" "$root"
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    rm -f "$root/etc/apt/sources.list"
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} /etc/apt/apt.conf.d/*[!~] \
        /usr/local/share/ca-certificates/*.crt /etc/resolv.conf /etc/hosts /etc/pip.conf \
        "${SSL_CERT_FILE:-}" "${PIP_CERT:-}"; do
        if [ -f "$file" ]; then install -D -m 644 "$file" "$root$file"; fi
    done
    rm -f "$root"/etc/apt/apt.conf.d/docker-* "$root"/etc/apt/apt.conf.d/20packagekit
    chroot "$root" useradd --create-home tester
    for file in "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
        if [ -f "$file" ]; then
            install -D -m 644 "$file" "$root/root/.pip/pip.conf"
            install -D -m 644 "$file" "$root/home/tester/.pip/pip.conf"
        fi
    done
}

passed=()
while IFS= read -r name; do
    case $name in
        PIP_CERT | PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_TRUSTED_HOST | PIP_DEFAULT_TIMEOUT | \
            SSL_CERT_FILE | *_proxy | *_PROXY) passed+=("$name=${!name}") ;;
    esac
done < <(compgen -e)

as() { # USER COMMAND... : in the bare Debian, in its root folder
    local user=$1 home=/root && shift
    if [ "$user" != root ]; then home=/home/$user; fi
    exec chroot --userspec="$user:$user" "$root" env -i HOME="$home" LANG=C.UTF-8 "${passed[@]}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

put_tree() { # USER FOLDER
    mkdir -p "$root$2"
    (cd "$tree" && git ls-files -z --cached --others --exclude-standard |
        tar --create --null --files-from=- --ignore-failed-read) | tar --extract --directory="$root$2"
    chroot "$root" chown -R "$1:$1" "$2"
}

answers() { # STATUS-PATH : whether the service answers there
    (as root python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port$1', timeout=5)") 2>/dev/null
}

start_and_stop() { # USER FOLDER LIMIT-SECONDS TITLE
    local begun ended pid up=1
    port=$((port + 1))
    begun=$(date +%s.%N)
    as "$1" "$2/run" --port $port --data "$2/var" &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        if answers /healthz; then up=0 && break; fi
        sleep 0.1
    done
    ended=$(date +%s.%N)
    kill -TERM $pid 2>/dev/null || true
    wait $pid || true
    local seconds
    seconds=$(awk "BEGIN { printf \"%.1f\", $ended - $begun }")
    if awk "BEGIN { exit !($seconds > $3) }"; then up=1; fi
    note $up "$1: $4, answered /healthz after $seconds s (at most $3 s)"
}

refuses_politely() { # a user on a machine without python3-venv is told what to ask for
    put_tree tester /home/tester/refused
    local said status=0
    said=$( (as tester /home/tester/refused/run --setup-only) 2>&1) && status=1
    grep -q 'apt install python3.11-venv' <<<"$said" || status=1
    note $status "tester, before python3-venv is there: ${said##*$'\n'}"
}

sets_up_after_interruption() { # USER FOLDER
    (as "$1" "$2/run" --setup-only) &
    local pid=$! status=0
    for _ in $(seq 300); do
        if compgen -G "$root$2/.venv/lib/python3*/site-packages/[a-o]*" >/dev/null; then break; fi
        sleep 0.1
    done
    sleep 5
    # The whole family: pip would go on without its parent.
    pkill -KILL -P $pid || true
    kill -KILL $pid 2>/dev/null || true
    wait $pid || true
    (as "$1" "$2/run" --setup-only) || status=$?
    note $status "$1: set-up after one that was killed half-way"
}

tests_pass() { # USER FOLDER
    local log=$work/test.$1.log status=0 begun=$SECONDS
    (as "$1" "$2/run" test) 2>&1 | tee "$log" || status=$?
    note $status "$1: ./run test, $((SECONDS - begun)) s: $(tail -n 2 "$log" | paste -sd ' ')"
}

try_user() { # USER FOLDER
    sets_up_after_interruption "$1" "$2"
    if [ "$goal" = setup ]; then return; fi
    start_and_stop "$1" "$2" 900 "./run the first time"
    start_and_stop "$1" "$2" 3 "./run the second time"
    if [ "$goal" = start ]; then return; fi
    tests_pass "$1" "$2"
}

build_base
enter_base
refuses_politely
put_tree root /root/nguon
try_user root /root/nguon
put_tree tester /home/tester/nguon
try_user tester /home/tester/nguon

printf '\n=== report: %s, %s\n' "$(cat "$root/etc/debian_version")" "$(as root python3 --version)"
printf '%s\n' "${report[@]}"
exit $((failures > 0))
