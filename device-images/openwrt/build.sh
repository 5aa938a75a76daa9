#!/bin/sh
# build.sh NAME OUT : the gateway as a package for OpenWrt's opkg.
set -eu

IMAGES=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=SCRIPTDIR/../lib/say.sh
. "$IMAGES/lib/say.sh"
# shellcheck source=SCRIPTDIR/../lib/tree.sh
. "$IMAGES/lib/tree.sh"

name=$1
out=$2
here=$IMAGES/openwrt
need_gateway
work=$(mktemp -d "$out.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
home=$root/usr/share/gatehouse
version=$(package_version)

mkdir -p "$root/etc/config" "$root/etc/gatehouse" "$root/etc/init.d" "$root/usr/sbin" "$root/lib/upgrade/keep.d" "$work/control" "$work/ipk"
copy_gateway "$home"
add_engine sysupgrade "$home" "$here/configurations.json"
link_gateway "$root" "$here/gateway.properties"
cp "$here/gatehouse.config" "$root/etc/config/gatehouse"
cp "$here/gatehouse.init" "$root/etc/init.d/gatehouse"
cp "$here/keep" "$root/lib/upgrade/keep.d/gatehouse"
plain_modes "$root"
chmod 755 "$root/etc/init.d/gatehouse"
# It may say a password one day.
chmod 600 "$root/etc/gatehouse/gateway.properties"

sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$(bytes_in "$root")/" "$here/control" >"$work/control/control"
cp "$here/conffiles" "$here/preinst" "$here/postinst" "$here/prerm" "$work/control"
plain_modes "$work/control"
chmod 755 "$work/control/preinst" "$work/control/postinst" "$work/control/prerm"
say "packing"
echo 2.0 >"$work/ipk/debian-binary"
pack "$root" | gzip -9n >"$work/ipk/data.tar.gz"
pack "$work/control" | gzip -9n >"$work/ipk/control.tar.gz"
chmod 755 "$work/ipk"
file=gatehouse_${version}_all.ipk
pack "$work/ipk" | gzip -9n >"$out/$file"
write_manifest "$root" "$out/MANIFEST"
: >"$work/packages"
write_sbom "$name" application "$home" "$work/packages" "$out/sbom.cdx.json"
echo "scp -O @OUT@/$file root@ROUTER:/tmp, and there: opkg install /tmp/$file" >"${out%.part}.use"
