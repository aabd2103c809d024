# What ./kontor and ./test share; sourced, never run. Expects $root, the repository's folder.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Where the SDK may write. Without a home of its own (a system user, a bare container) it gets one in artifacts/.
prepare_dotnet() {
    command -v dotnet >/dev/null ||
        fail "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download (Debian, Ubuntu: apt-get install dotnet-sdk-10.0)."
    if ! mkdir -p "$root/artifacts" 2>/dev/null || [ ! -w "$root/artifacts" ]; then
        fail "$root/artifacts cannot be written by $(id -un). Clone the repository into a folder of your own."
    fi
    if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
        export HOME="$root/artifacts/home"
        mkdir -p "$HOME"
    fi
    export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-$HOME}" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    # Build servers inherit this, which is how stop_build_servers knows those that this run started.
    export KONTOR_BUILD_RUN="$$-${RANDOM}"
}

# One build at a time in this checkout, where the machine has flock.
lock_build() {
    exec 9>"$root/artifacts/build.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "Waiting for another build of $root …"
        flock 9
    fi
}

unlock_build() { exec 9>&-; }

stamp_of_build() { printf '%s' "$root/artifacts/host.built"; }

# A folder is newer when a file in it came or went, so removed files are seen too.
is_built() {
    local stamp program="$root/artifacts/bin/Kontor.Host/release/kontor.dll"
    stamp="$(stamp_of_build)"
    [ -f "$stamp" ] && [ -f "$program" ] &&
        [ -z "$(find "$root/src" "$root"/Directory.*.props "$root/global.json" -newer "$stamp" -print -quit)" ]
}

# Ends the compiler and build servers that this run left in the background; they would hold memory for 15 minutes.
stop_build_servers() {
    local entry pid
    for entry in /proc/[0-9]*; do
        pid="${entry#/proc/}"
        if grep -qzx "KONTOR_BUILD_RUN=$KONTOR_BUILD_RUN" "$entry/environ" 2>/dev/null &&
            tr '\0' ' ' <"$entry/cmdline" 2>/dev/null | grep -qE 'VBCSCompiler|/nodemode:'; then
            kill "$pid" 2>/dev/null || true
        fi
    done
}

# The same places as src/Kontor.Platform/Postgres/PostgresBinaries.cs.
has_postgres() {
    local folder version
    local -a folders
    if [ -n "${KONTOR_POSTGRES_BIN:-}" ]; then
        folders=("$KONTOR_POSTGRES_BIN")
    else
        folders=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin
            /home/linuxbrew/.linuxbrew/opt/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin)
        local IFS=:
        for folder in $PATH; do
            folders+=("$folder")
            [ ! -L "$folder/initdb" ] || folders+=("$(dirname "$(readlink -f "$folder/initdb")")")
        done
    fi
    for folder in "${folders[@]}"; do
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            version="$("$folder/postgres" --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+).*/\1/')"
            [ "${version:-0}" -lt 15 ] || return 0
        fi
    done
    return 1
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Only the programs: no cluster is made and no service is started, now or by this installation.
install_postgres() {
    local rc=0 policy=/usr/sbin/policy-rc.d conf=/etc/postgresql-common/createcluster.conf log="$root/artifacts/install.log"
    local made_policy=
    say "Installing PostgreSQL's programs (apt-get install postgresql; $log) …"
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        made_policy=1
    fi
    {
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -q && apt-get install -qy --no-install-recommends postgresql-common &&
            cp -p "$conf" "$conf.kontor" && echo 'create_main_cluster = false' >>"$conf" &&
            apt-get install -qy --no-install-recommends postgresql
    } >"$log" 2>&1 </dev/null || rc=$?
    [ ! -e "$conf.kontor" ] || mv "$conf.kontor" "$conf"
    [ -z "$made_policy" ] || rm -f "$policy"
    [ $rc = 0 ] || say "The installation failed; the end of $log: $(tail -n 3 "$log")"
    return $rc
}

# Only for tests: Kontor itself needs no Redis. The program alone, no service is started.
install_redis() {
    local rc=0 policy=/usr/sbin/policy-rc.d log="$root/artifacts/install.log" made_policy=
    say "Installing redis-server …"
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        made_policy=1
    fi
    {
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -qy --no-install-recommends redis-server ||
            { apt-get update -q && apt-get install -qy --no-install-recommends redis-server; }
    } >"$log" 2>&1 </dev/null || rc=$?
    [ -z "$made_policy" ] || rm -f "$policy"
    return $rc
}

how_to_install_postgres() {
    say "PostgreSQL 15 or newer is needed, and its server programs are not on this machine. Install them:"
    say "  Debian, Ubuntu   sudo apt-get install postgresql"
    say "  Fedora, RHEL     sudo dnf install postgresql-server"
    say "  macOS            brew install postgresql"
    say "or name the folder that holds postgres, initdb and pg_ctl in KONTOR_POSTGRES_BIN."
}
