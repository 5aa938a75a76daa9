#!/bin/sh
# build.sh NAME OUT : the gateway as a package for Debian.
set -eu

IMAGES=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=SCRIPTDIR/../lib/say.sh
. "$IMAGES/lib/say.sh"
# shellcheck source=SCRIPTDIR/../lib/tree.sh
. "$IMAGES/lib/tree.sh"

name=$1
out=$2
here=$IMAGES/deb
need_gateway
work=$(mktemp -d "$out.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
home=$root/usr/share/gatehouse
documents=$root/usr/share/doc/gatehouse
version=$(package_version)

mkdir -p "$documents/examples" "$root/DEBIAN" "$root/etc/gatehouse" "$root/usr/sbin" "$root/usr/lib/systemd/system" "$root/usr/share/man/man8"
copy_gateway "$home"
add_asked_engine "$home"
rm "$home/LICENSE"
link_gateway "$root" "$here/gateway.properties"
cp "$here/gatehouse.service" "$root/usr/lib/systemd/system"
cp "$here/copyright" "$documents/copyright"
cp "$here/root.conf" "$documents/examples/root.conf"
printf 'gatehouse (%s) unstable; urgency=medium\n\n  * As CHANGELOG.md says.\n\n -- Gatehouse <gatehouse@example.com>  %s\n' "$version" \
    "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$documents/changelog.gz"
gzip -9n <"$here/gatehouse-gateway.8" >"$root/usr/share/man/man8/gatehouse-gateway.8.gz"
plain_modes "$root"
write_manifest "$root" "$work/MANIFEST"
grep -v ' DEBIAN/' "$work/MANIFEST" >"$out/MANIFEST"
(cd "$root" && find etc usr -type f | grep -v '^etc/' | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$(($(bytes_in "$root/usr") / 1024 + 1))/" "$here/control" >"$root/DEBIAN/control"
cp "$here/conffiles" "$root/DEBIAN/conffiles"
cp "$here/postinst" "$here/prerm" "$here/postrm" "$root/DEBIAN"
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm" "$root/DEBIAN/postrm"
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/conffiles" "$root/DEBIAN/md5sums"
say "packing"
file=gatehouse_${version}_all.deb
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" "$out/$file" >/dev/null
: >"$work/packages"
write_sbom "$name" application "$home" "$work/packages" "$out/sbom.cdx.json"
echo "apt install @OUT@/$file" >"${out%.part}.use"
