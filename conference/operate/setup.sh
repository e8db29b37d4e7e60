# Sourced by ./run, ./test and ./check: `set_up LOCK_FILE` leaves a working .venv in $root with what the lock
# file names. It needs nothing but a Python: no Django, no PostgreSQL.

refuse() {
    printf '%s\n' "$1" >&2
    exit 2
}

new_enough() {
    # Runs it, because a name on the PATH need not work (a version manager's stand-in, for one).
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if new_enough "$python"; then
            return 0
        fi
    done
    [ -z "${PYTHON:-}" ] || refuse "PYTHON=$PYTHON does not start, or is older than 3.11."
    found=$(python3 -c 'import platform; print("found " + platform.python_version())' 2>/dev/null) ||
        found="found none"
    refuse "Python 3.11 or newer is needed ($found)."
}

# One set-up at a time in one checkout. The lock is on the folder itself, so that it leaves nothing behind.
take_turn() {
    if command -v flock >/dev/null 2>&1; then
        exec 9<"$root"
        if ! flock -n 9; then
            echo "Another command is setting up $root/.venv; waiting for it …"
            flock 9
        fi
        return
    fi
    turn="$root/.venv.lock"
    until mkdir "$turn" 2>/dev/null; do
        if holder=$(cat "$turn/pid" 2>/dev/null) && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$turn"
        else
            sleep 1
        fi
    done
    echo $$ >"$turn/pid"
}

end_turn() {
    exec 9<&-
    if [ -n "${turn:-}" ]; then
        rm -rf "$turn"
    fi
}

need_ensurepip() {
    if "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        return
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt_install "$package"
    else
        refuse "$python cannot make virtual environments. On Debian: sudo apt-get install $package"
    fi
}

# Installs Debian packages as root; shows the output only when that fails.
apt_install() {
    echo "Installing with apt-get: $* …"
    log=$(mktemp)
    if { DEBIAN_FRONTEND=noninteractive apt-get -q update &&
        DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null
    then
        rm -f "$log"
    else
        tail -n 15 "$log" >&2
        rm -f "$log"
        refuse "apt-get could not install $*."
    fi
}

make_venv() {
    find_python
    need_ensurepip
    if [ -e "$venv" ]; then
        echo "The environment in $venv is not whole; making it again."
        rm -rf "$venv"
    fi
    echo "Making the environment in $venv with $("$python" --version) …"
    mkdir "$venv" || refuse "$venv cannot be made."
    # While this file is there, whoever comes next makes everything anew.
    : >"$venv/.unfinished"
    "$python" -m venv "$venv" || refuse "The virtual environment in $venv could not be made."
}

set_up() {
    lock="$1"
    venv="$root/.venv"
    take_turn
    if [ -e "$venv/.unfinished" ] || ! new_enough "$venv/bin/python" ||
        ! "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; then
        make_venv
    fi
    if ! cmp -s "$root/$lock" "$venv/installed-$lock"; then
        : >"$venv/.unfinished"
        "$venv/bin/python" "$root/conference/operate/install.py" "$root/$lock" || {
            # 1 is pip's own refusal, after which it has put everything back; anything else cut it off in the middle.
            [ $? != 1 ] || rm -f "$venv/.unfinished"
            exit 1
        }
        # The other lock may name other versions than those that are there now.
        rm -f "$venv"/installed-*.txt
        cp "$root/$lock" "$venv/installed-$lock"
        if [ "$lock" = requirements-dev.txt ]; then
            # It names everything that requirements.txt names, in the same versions (a test compares them).
            cp "$root/requirements.txt" "$venv/installed-requirements.txt"
        fi
        rm -f "$venv/.unfinished"
    fi
    end_turn
}
