# shellcheck shell=sh
# What all scripts here share: how they speak, what they need, where they keep what they fetched. Sourced; IMAGES is device-images/.

set -eu
umask 022
LC_ALL=C
export LC_ALL

# The time of all that goes into an image, that of the jars: the same sources make the same bytes, whenever they are built.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}
export SOURCE_DATE_EPOCH

# The folder that ./dev build made; another one for tests.
GATEWAY=${GATEHOUSE_IMAGE_GATEWAY:-$IMAGES/../runtime/gateway/target/gateway}

# What was fetched or is costly to make; deleted, it is fetched and made again.
# shellcheck disable=SC2034 # by debian.sh and java
CACHE=${GATEHOUSE_IMAGE_CACHE:-$IMAGES/target/cache}

# Who makes no image says its own name, by a say of its own.
say() {
    echo "image: $*" >&2
}

die() {
    say "$*"
    exit 1
}

# lack WORDS : ends as die does, but with 75, for what this machine can get another time.
lack() {
    say "$*"
    exit 75
}

# need PROGRAM PACKAGE : ends, naming the package, where the program is nowhere.
need() {
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 || die "$1 is missing: install the package $2"
}

# need_all FILE : what each of its lines names, a program and its package.
need_all() {
    while read -r program package; do
        need "$program" "$package"
    done <"$1"
}

# value OPTION REST... : the option must have one.
value() {
    [ $# -gt 1 ] || die "$1 needs a value"
}

# The gateway's folder and its bill of materials must be there.
need_gateway() {
    [ -s "$GATEWAY/conf/factory.json" ] || die "there is no gateway at $GATEWAY: run ./dev build"
    [ -s "$GATEWAY.cdx.json" ] || die "there is no bill of materials at $GATEWAY.cdx.json: run ./dev build"
}

# The version of Gatehouse, as Maven calls it.
gatehouse_version() {
    jq -r .metadata.component.version "$GATEWAY.cdx.json"
}

# debian_architecture ARCH : what Debian calls it.
debian_architecture() {
    case $1 in
        x86-64) echo amd64 ;;
        arm64) echo arm64 ;;
        armv7) echo armhf ;;
        *) die "no such architecture: $1; there are x86-64, arm64 and armv7" ;;
    esac
}
