# shellcheck shell=sh
# Debian's packages for any architecture, from the sources that this machine has. Sourced, after say.sh. Nothing is installed:
# apt keeps lists of its own in the cache, and packages are only unpacked.

# apt COMMAND... : apt-get or apt-cache with those lists.
apt() {
    program=$1
    shift
    # Its caches are named here, since /etc/apt goes before APT_CONFIG and may switch them off: then each call takes seconds.
    APT_CONFIG=$CACHE/apt/apt.conf "$program" -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin "$@"
}

# Makes apt's own folder and reads the lists, once a day.
prepare_apt() {
    command -v apt-get >/dev/null 2>&1 || die "apt-get is missing: images with a Java inside are built on Debian"
    need flock util-linux
    mkdir -p "$CACHE/apt/lists/partial" "$CACHE/apt/sources" "$CACHE/debs"
    exec 9>"$CACHE/apt/lock"
    flock 9
    [ -z "$(find "$CACHE/apt/updated" -mtime -1 2>/dev/null)" ] || return 0
    cat >"$CACHE/apt/apt.conf" <<APT
APT::Architectures { "$(dpkg --print-architecture)"; "amd64"; "arm64"; "armhf"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State::lists "$CACHE/apt/lists";
Dir::State::status "/dev/null";
Dir::Cache "$CACHE/apt";
Dir::Etc::sourceparts "$CACHE/apt/sources";
APT
    # Others than Debian's have no such packages, and may not be reached.
    rm -f "$CACHE/apt/sources"/*
    for sources in /etc/apt/sources.list.d/*; do
        ! grep -Eqs '/debian(-security)?/?([[:space:]]|$)' "$sources" || cp "$sources" "$CACHE/apt/sources"
    done
    say "reading what packages Debian has for amd64, arm64 and armhf"
    # Without that, it counts as read where nothing can be reached.
    if apt apt-get update -q -o APT::Update::Error-Mode=any >"$CACHE/apt/log" 2>&1; then
        : >"$CACHE/apt/updated"
        rm -f "$CACHE/apt/unread"
    else
        # A mirror that is being filled lacks some of them for a while; what is older does as well. Asked again in an hour, or at once where there
        # is none.
        [ -z "$(find "$CACHE/apt/lists" -name '*_Packages*')" ] || touch -d "23 hours ago" "$CACHE/apt/updated"
        sed -n 's/^[EW]: //p' "$CACHE/apt/log" | head -n 1 >"$CACHE/apt/unread"
        say "not all can be read now, so older packages may be taken: $(cat "$CACHE/apt/unread")"
    fi
}

# no_package WORDS : ends, since Debian's sources have no such package; or cannot be read, which may be otherwise another time.
no_package() {
    [ ! -s "$CACHE/apt/unread" ] || lack "$*: $(cat "$CACHE/apt/unread")"
    die "$*"
}

# package_version PACKAGE:ARCHITECTURE : the version that is to be had, or nothing.
package_version() {
    apt apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -v '(none)' || :
}

# fetch_package NAME SIZE SHA256 : into the cache, where it is not there: by the name of its file, NAME_VERSION_ARCHITECTURE.deb.
fetch_package() {
    deb=$CACHE/debs/$1
    ! { [ -s "$deb" ] && echo "$3  $deb" | sha256sum --status -c -; } || return 0
    package=$(echo "$1" | sed -e 's/%3a/:/' -e 's/^\([^_]*\)_\(.*\)_\([^_]*\)\.deb$/\1:\3=\2/' -e 's/:all=/=/')
    say "fetching $package, $(echo "$2" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
    (cd "$CACHE/debs" && apt apt-get download -q "$package" >"$CACHE/apt/log" 2>&1 </dev/null) || {
        cat "$CACHE/apt/log" >&2
        lack "cannot fetch $package: $(sed -n 's/^E: //p' "$CACHE/apt/log" | head -n 1)"
    }
    echo "$3  $deb" | sha256sum --status -c - || die "what was fetched as $package has not the SHA-256 $3"
}

# unpack_packages FOLDER PACKAGE:ARCHITECTURE[=VERSION]... : fetches them where they are not in the cache, by the digests of
# Debian's signed lists, and unpacks them into the folder. FOLDER.packages gets a line for each: name, version, architecture.
unpack_packages() (
    folder=$1
    shift
    mkdir -p "$folder"
    # All at once, since each call takes a second.
    apt apt-get download --print-uris "$@" >"$folder.uris" 2>"$CACHE/apt/log" ||
        no_package "Debian's sources on this machine have not all of $*: $(sed -n 's/^E: //p' "$CACHE/apt/log" | head -n 1)"
    while read -r _ name size digest; do
        case $digest in
            SHA256:*) ;;
            *) die "apt names no SHA-256 of $name: $digest" ;;
        esac
        fetch_package "$name" "$size" "${digest#SHA256:}"
        dpkg-deb -x "$CACHE/debs/$name" "$folder"
        # shellcheck disable=SC2016 # dpkg-deb expands them
        dpkg-deb -W --showformat '${Package} ${Version} ${Architecture}\n' "$CACHE/debs/$name" >>"$folder.packages"
    done <"$folder.uris"
    rm -f "$folder.uris"
    sort -u -o "$folder.packages" "$folder.packages"
)
