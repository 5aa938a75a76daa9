#!/bin/sh
# build.sh NAME OUT : the gateway and a Java of its own in a folder, gatehouse/, as a .tar.gz.
set -eu

IMAGES=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=SCRIPTDIR/../lib/say.sh
. "$IMAGES/lib/say.sh"
# shellcheck source=SCRIPTDIR/../lib/tree.sh
. "$IMAGES/lib/tree.sh"

name=$1
out=$2
arch=${name#tar-}
need_gateway
work=$(mktemp -d "$out.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

copy_gateway "$work/root/gatehouse"
add_asked_engine "$work/root/gatehouse"
"$IMAGES/lib/java" "$arch" "$work/root/gatehouse/java"
mv "$work/root/gatehouse/java.packages" "$work/root/gatehouse/java.needs" "$work"
say "packing"
file=gatehouse-$(gatehouse_version)-$arch.tar.gz
pack "$work/root" | gzip -9n >"$out/$file"
write_manifest "$work/root" "$out/MANIFEST"
write_sbom "$name" application "$work/root/gatehouse" "$work/java.packages" "$out/sbom.cdx.json"
echo "tar -xzf @OUT@/$file && gatehouse/bin/gatehouse-gateway OPTION..., where there is $(head -n 1 "$work/java.needs") or newer" \
    >"${out%.part}.use"
