#!/bin/sh
# Makes a disk image that boots, and the firmware bundle of the same system.
set -eu

ROUTER=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
IMAGES=$(dirname "$ROUTER")
# shellcheck source=SCRIPTDIR/../lib/say.sh
. "$IMAGES/lib/say.sh"
# shellcheck source=SCRIPTDIR/../lib/debian.sh
. "$IMAGES/lib/debian.sh"
# shellcheck source=SCRIPTDIR/../lib/tree.sh
. "$IMAGES/lib/tree.sh"

# The disk, in sectors of 512 bytes: 32 MiB to boot from, two slots of 96 MiB, 128 MiB of data.
SIGNATURE=47415445
BOOT=2048
BOOT_SIZE=65536
SLOT_SIZE=196608
DATA_SIZE=262144
A=$((BOOT + BOOT_SIZE))
B=$((A + SLOT_SIZE))
DATA=$((B + SLOT_SIZE))
# Where the file grubenv comes to lie, in which GRUB and usr/lib/router/slots keep which slot starts.
ENVIRONMENT=2160
DATA_UUID=47415445-4841-4f55-5345-000000000004

help() {
    cat <<'TEXT'
usage: device-images/router/build.sh --version VERSION --sequence NUMBER [OPTION...]

  --arch ARCH        x86 (default) or arm64
  --version VERSION  what people call it
  --sequence NUMBER  orders versions
  --variant NAME     another system, for trying: dev (a root shell at the console), panic, offline; may be repeated
  --out FOLDER       default: device-images/target/router-ARCH-VERSION
  --keyring FILE     whose bundles the system takes (PEM); with --cert FILE and --key FILE, by which this one is
                     signed. Without them a CA is made under device-images/target/router-keys
  --anew             fetch Debian's packages again, in place of those that were fetched before

FOLDER gets disk.img, firmware-VERSION.raucb, rootfs.squashfs (which both contain), MANIFEST and sbom.cdx.json.
TEXT
}

# --- what was asked for ---------------------------------------------------------------------------------------------

# value OPTION REST... : the option must have one.
value() {
    [ $# -gt 1 ] || die "$1 needs a value"
}

read_options() {
    arch=x86
    version=
    sequence=
    variants=
    out=
    keyring=
    cert=
    key=
    anew=false
    while [ $# -gt 0 ]; do
        case $1 in
            --help) help; exit ;;
            --anew) anew=true; shift; continue ;;
        esac
        value "$@"
        case $1 in
            --arch) arch=$2 ;;
            --version) version=$2 ;;
            --sequence) sequence=$2 ;;
            --variant) variants="$variants $2" ;;
            --out) out=$2 ;;
            --keyring) keyring=$2 ;;
            --cert) cert=$2 ;;
            --key) key=$2 ;;
            *) die "unknown option: $1; see --help" ;;
        esac
        shift 2
    done
}

check_options() {
    case $arch in
        x86) debian=amd64 console=ttyS0 ;;
        arm64) debian=arm64 console=ttyAMA0 ;;
        *) die "no such architecture: $arch; there are x86 and arm64" ;;
    esac
    case $version in
        '' | *[!A-Za-z0-9._+-]*) die "--version must be letters, digits and . _ + -: '$version'" ;;
    esac
    case $sequence in
        '' | *[!0-9]*) die "--sequence must be a whole number: '$sequence'" ;;
    esac
    for variant in $variants; do
        [ -f "$ROUTER/variants/$variant.sh" ] || die "no such variant: $variant; see --help"
    done
    case ${keyring:+1}${cert:+1}${key:+1} in
        '' | 111) ;;
        *) die "--keyring, --cert and --key go together" ;;
    esac
    compatible=gatehouse-router-$arch
    out=${out:-$IMAGES/target/router-$arch-$version}
    kernel_words="ro quiet panic=1 oops=panic console=$console"
}

need_tools() {
    need mksquashfs squashfs-tools
    need rauc rauc
    need sfdisk fdisk
    need mkfs.vfat dosfstools
    need mcopy mtools
    need mkfs.ext4 e2fsprogs
    need grub-mkimage grub-common
    need cpio cpio
    need depmod kmod
    need readelf binutils
    need openssl openssl
    need jq jq
    need_gateway
}

# --- Debian's part, fetched once --------------------------------------------------------------------------------------

# The names of the packages, for this architecture; the kernel's is that of its newest version.
package_names() {
    sed -e '/^#/d' -e "s/ARCH/$debian/" "$ROUTER/packages" | while read -r package; do
        case $package in
            linux-image-cloud-*)
                package=$(apt apt-cache show "$package:$debian" | sed -n 's/^Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
                [ -n "$package" ] || die "Debian's sources on this machine have no linux-image-cloud-$debian"
                ;;
        esac
        echo "$package:$debian"
    done
    case $arch in
        x86) echo grub-pc-bin:amd64 ;;
        arm64) echo grub-efi-arm64-bin:arm64 ;;
    esac
}

# Sets system to the folder with all of Debian's files, and packages to the list of them.
find_system() {
    system=$CACHE/router/$debian-$(cat "$ROUTER/packages" "$IMAGES/lib/debian.sh" | sha256sum | cut -c 1-16)
    packages=$system.packages
    [ "$anew" = false ] || rm -rf "$system"
    if [ ! -d "$system" ]; then
        prepare_apt
        rm -rf "$system.new" "$system.new.packages"
        names=$(package_names)
        # shellcheck disable=SC2086 # the names are words
        unpack_packages "$system.new" $names
        kernel=$(basename "$system.new/lib/modules"/*)
        depmod -b "$system.new" "$kernel"
        # Java's own script waits for it.
        exec 9>&-
        mv "$system.new.packages" "$packages"
        mv "$system.new" "$system"
    fi
    kernel=$(basename "$system/lib/modules"/*)
}

# --- the tree of the system, without what differs between versions ------------------------------------------------------

# modules MODULE... : the files of these and of what they need, in the order in which they are loaded.
modules() {
    for module in "$@"; do
        modprobe -C /dev/null -d "$system" -S "$kernel" -D "$module" >"$work/depends" 2>&1 ||
            die "the kernel has no module $module: $(cat "$work/depends")"
        sed -n "s|^insmod $system\(/[^ ]*\).*|\1|p" "$work/depends"
    done | awk '!seen[$0]++'
}

# add_program PATH : a program or library of Debian's, and the libraries that it needs.
add_program() {
    file=$system/$1
    [ -e "$file" ] || die "Debian's packages have no $1: see device-images/router/packages"
    case $1 in
        *.so*) to=$tree/usr/lib/${1##*/} ;;
        *) to=$tree/usr/bin/${1##*/} ;;
    esac
    [ ! -e "$to" ] || return 0
    cp -L "$file" "$to"
    chmod 755 "$to"
    for needed in $(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
        [ -e "$tree/usr/lib/$needed" ] || echo "$needed"
    done >>"$work/needed"
}

# Adds what the programs need, until nothing more is needed. The loader looks into /usr/lib itself.
add_libraries() {
    while [ -s "$work/needed" ]; do
        sort -u "$work/needed" >"$work/next"
        : >"$work/needed"
        while read -r library; do
            found=$(cd "$system" && find lib usr/lib -maxdepth 2 -name "$library" | head -n 1)
            [ -n "$found" ] || die "no package has the library $library: name one in device-images/router/packages"
            add_program "$found"
        done <"$work/next"
    done
}

make_folders() {
    for folder in boot data dev etc opt proc root run sys tmp usr/bin usr/lib var/lib; do
        mkdir -p "$tree/$folder"
    done
    ln -s usr/bin "$tree/bin"
    ln -s usr/bin "$tree/sbin"
    ln -s bin "$tree/usr/sbin"
    ln -s usr/lib "$tree/lib"
    ln -s usr/lib "$tree/lib64"
    ln -s ../run "$tree/var/run"
    ln -s ../tmp "$tree/var/tmp"
    ln -s /run/resolv.conf "$tree/etc/resolv.conf"
    ln -s /run/machine-id "$tree/etc/machine-id"
}

add_programs() {
    : >"$work/needed"
    add_program bin/busybox
    while read -r applet; do
        [ -e "$tree/usr/bin/$applet" ] || ln -s busybox "$tree/usr/bin/$applet"
    done <"$ROUTER/applets"
    for program in usr/bin/rauc usr/bin/dbus-daemon usr/bin/script sbin/e2fsck; do
        add_program "$program"
    done
    add_libraries
    loader=$(readelf -l "$tree/usr/bin/rauc" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
    [ -e "$tree$loader" ] || add_program "${loader#/}"
}

add_kernel() {
    cp "$system/boot/vmlinuz-$kernel" "$tree/boot/vmlinuz"
    # Where the kernel's last words are kept; on x86 its driver for ERST is no module.
    [ "$arch" != arm64 ] || echo efi_pstore >>"$tree/etc/modules"
    # shellcheck disable=SC2046 # the names are words
    modules $(sed 's/ .*//' "$tree/etc/modules") >"$work/modules"
    while read -r module; do
        mkdir -p "$tree$(dirname "$module")"
        cp "$system$module" "$tree$module"
    done <"$work/modules"
    cp "$system/lib/modules/$kernel"/modules.builtin* "$system/lib/modules/$kernel/modules.order" "$tree/lib/modules/$kernel"
    depmod -b "$tree" "$kernel"
}

add_initrd() {
    initrd=$work/initrd
    mkdir -p "$initrd/bin" "$initrd/dev" "$initrd/proc" "$initrd/sys" "$initrd/root" "$initrd/lib/modules"
    cp "$ROUTER/initrd/init" "$initrd/init"
    cp "$system/bin/busybox" "$initrd/bin/busybox"
    for applet in sh mount umount insmod hexdump usleep switch_root ln mkdir; do
        ln -s busybox "$initrd/bin/$applet"
    done
    number=10
    modules virtio_pci virtio_blk squashfs >"$work/modules"
    while read -r module; do
        cp "$system$module" "$initrd/lib/modules/$number-${module##*/}"
        number=$((number + 1))
    done <"$work/modules"
    find "$initrd" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$initrd" && find . | sort | cpio --quiet --reproducible -R 0:0 -H newc -o) | gzip -9n >"$tree/boot/initrd"
}

add_gateway() {
    "$IMAGES/lib/java" "$(java_architecture)" "$tree/opt/java"
    mv "$tree/opt/java.packages" "$base.java"
    rm -f "$tree/opt/java.needs"
    copy_gateway "$tree/opt/gatehouse"
    add_engine rauc "$tree/opt/gatehouse" "$ROUTER/configurations.json"
    cat >"$tree/opt/gatehouse/conf/gateway.properties" <<PROPERTIES
# What holds for every machine of this kind; what holds for one lies in /data/gatehouse.properties.
gatehouse.family=router
gatehouse.model=$arch
gatehouse.state=/data/gatehouse
gatehouse.cache=/run/gatehouse
PROPERTIES
}

java_architecture() {
    [ "$arch" = x86 ] && echo x86-64 || echo "$arch"
}

# Sets base to the folder of the tree that all versions share, made where something that it is made of changed.
find_base() {
    digest=$({
        cat "$packages" "$0" "$ROUTER/applets" "$IMAGES/lib/java" "$IMAGES/lib/modules"
        find "$ROUTER/root" "$ROUTER/initrd" "$GATEWAY" -type f -exec sha256sum {} + | sort
    } | sha256sum | cut -c 1-16)
    base=$CACHE/router/base-$arch-$digest
    [ ! -d "$base" ] || return 0
    say "making the system for $arch"
    rm -rf "$CACHE/router/base-$arch-"*
    tree=$work/base
    make_folders
    cp -R "$ROUTER/root/." "$tree"
    add_programs
    add_kernel
    add_initrd
    add_gateway
    sed -i "s/@COMPATIBLE@/$compatible/" "$tree/etc/rauc/system.conf"
    mv "$tree" "$base"
}

# --- one version ---------------------------------------------------------------------------------------------------------

# Sets keyring, cert and key to those of a CA that was made here, where none were given.
find_keys() {
    [ -z "$keyring" ] || return 0
    keys=$IMAGES/target/router-keys
    keyring=$keys/ca.pem
    cert=$keys/firmware.pem
    key=$keys/firmware.key
    [ ! -s "$cert" ] || return 0
    say "making a CA for firmware in $keys; for devices of your own have one that is kept safe, by --keyring, --cert and --key"
    mkdir -p "$keys"
    chmod 700 "$keys"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -subj "/CN=Firmware CA" \
        -keyout "$keys/ca.key" -out "$keyring" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=Firmware" \
        -keyout "$key" -out "$keys/firmware.csr" 2>/dev/null
    openssl x509 -req -in "$keys/firmware.csr" -CA "$keyring" -CAkey "$keys/ca.key" -CAcreateserial -days 7300 \
        -out "$cert.new" 2>/dev/null
    mv "$cert.new" "$cert"
}

make_root() {
    TREE=$work/tree
    cp -a "$base" "$TREE"
    cp "$keyring" "$TREE/etc/rauc/keyring.pem"
    chmod 644 "$TREE/etc/rauc/keyring.pem"
    cat >"$TREE/etc/os-release" <<RELEASE
NAME="Gatehouse router"
ID=gatehouse-router
VERSION_ID=$version
PRETTY_NAME="Gatehouse router $version"
GATEHOUSE_FIRMWARE_SEQUENCE=$sequence
GATEHOUSE_FIRMWARE_COMPATIBLE=$compatible
RELEASE
    [ -z "$variants" ] || echo "VARIANT_ID=$(echo "${variants# }" | tr ' ' -)" >>"$TREE/etc/os-release"
    for variant in $variants; do
        # shellcheck source=/dev/null
        . "$ROUTER/variants/$variant.sh"
    done
    # gzip, since GRUB reads the kernel from it. Times are those of SOURCE_DATE_EPOCH.
    find "$TREE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    mksquashfs "$TREE" "$work/rootfs.squashfs" -comp gzip -Xcompression-level 6 -reproducible -all-root -no-xattrs \
        -noappend -no-progress -quiet
    size=$(stat -c %s "$work/rootfs.squashfs")
    [ "$size" -le $((SLOT_SIZE * 512)) ] || die "the system takes $size bytes, and a slot has $((SLOT_SIZE * 512))"
    mv "$work/rootfs.squashfs" "$out/rootfs.squashfs"
}

make_bundle() {
    mkdir "$work/bundle"
    ln "$out/rootfs.squashfs" "$work/bundle/rootfs.img" 2>/dev/null || cp "$out/rootfs.squashfs" "$work/bundle/rootfs.img"
    cat >"$work/bundle/manifest.raucm" <<MANIFEST
[update]
compatible=$compatible
version=$version

[bundle]
format=verity

[image.rootfs]
filename=rootfs.img
MANIFEST
    bundle=$out/firmware-$version.raucb
    rm -f "$bundle"
    # It is compressed already.
    rauc bundle --cert="$cert" --key="$key" --mksquashfs-args="-noI -noD -noF -no-xattrs -no-progress -quiet" \
        "$work/bundle" "$bundle" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        die "rauc made no bundle"
    }
}

# Writes GRUB, its configuration and which slot starts. The file grubenv is one sector long, and alone in its cluster.
write_boot() {
    sed -e "s/@SIGNATURE@/$SIGNATURE/" -e "s|@CMDLINE@|$kernel_words|" "$ROUTER/boot/grub.cfg" >"$work/grub.cfg"
    truncate -s $((BOOT_SIZE * 512)) "$work/boot.img"
    mkfs.vfat -F 16 -s 8 -n BOOT -i $SIGNATURE --invariant "$work/boot.img" >/dev/null
    truncate -s $(((ENVIRONMENT + 1) * 512)) "$work/environment"
    ROUTER_DISK=$work/environment "$ROUTER/root/usr/lib/router/slots" set-primary A
    dd if="$work/environment" of="$work/grubenv" bs=512 skip=$ENVIRONMENT count=1 status=none
    mmd -i "$work/boot.img" ::grub
    mcopy -i "$work/boot.img" "$work/grubenv" "$work/grub.cfg" ::grub
    words="part_msdos fat squash4 normal linux configfile loadenv test echo regexp sleep reboot"
    case $arch in
        x86)
            # shellcheck disable=SC2086 # words
            grub-mkimage -d "$system/usr/lib/grub/i386-pc" -O i386-pc -p '(,msdos1)/grub' -o "$work/core.img" \
                biosdisk serial terminal $words
            [ "$(stat -c %s "$work/core.img")" -le $(((BOOT - 1) * 512)) ] || die "GRUB is too large for the gap before the first partition"
            dd if="$system/usr/lib/grub/i386-pc/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
            dd if="$work/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
            ;;
        arm64)
            # shellcheck disable=SC2086 # words
            grub-mkimage -d "$system/usr/lib/grub/arm64-efi" -O arm64-efi -p '(,msdos1)/grub' -o "$work/bootaa64.efi" $words
            mmd -i "$work/boot.img" ::EFI ::EFI/BOOT
            mcopy -i "$work/boot.img" "$work/bootaa64.efi" ::EFI/BOOT/BOOTAA64.EFI
            ;;
    esac
    dd if="$work/boot.img" of="$disk" bs=512 seek=$BOOT conv=notrunc,sparse status=none
    dd if="$disk" bs=512 skip=$ENVIRONMENT count=1 status=none | cmp -s - "$work/grubenv" ||
        die "grubenv does not lie at sector $ENVIRONMENT of the disk, where usr/lib/router/slots writes it"
}

make_disk() {
    disk=$out/disk.img
    rm -f "$disk"
    truncate -s $(((DATA + DATA_SIZE) * 512)) "$disk"
    case $arch in
        x86) type=c ;;
        arm64) type=ef ;;
    esac
    sfdisk -q "$disk" <<TABLE
label: dos
label-id: 0x$SIGNATURE
start=$BOOT, size=$BOOT_SIZE, type=$type, bootable
start=$A, size=$SLOT_SIZE, type=83
start=$B, size=$SLOT_SIZE, type=83
start=$DATA, size=$DATA_SIZE, type=83
TABLE
    write_boot
    dd if="$out/rootfs.squashfs" of="$disk" bs=512 seek=$A conv=notrunc status=none
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mkfs.ext4 -q -F -L data -U $DATA_UUID -m 1 \
        -E offset=$((DATA * 512)),hash_seed=$DATA_UUID "$disk" $((DATA_SIZE / 2))k
}

# --- what it is made of ---------------------------------------------------------------------------------------------------

make_manifest() {
    sort -u "$packages" "$base.java" >"$work/packages"
    write_sbom "router-$arch" firmware "$TREE/opt/gatehouse" "$work/packages" "$out/sbom.cdx.json"
    {
        echo "# $compatible $version, sequence $sequence${variants:+, for trying:$variants}"
        echo "# Gatehouse $(gatehouse_version), Linux $kernel"
        (cd "$out" && sha256sum "firmware-$version.raucb" rootfs.squashfs sbom.cdx.json)
    } >"$out/MANIFEST"
}

read_options "$@"
check_options
need_tools
mkdir -p "$out" "$CACHE/router"
work=$(mktemp -d "$CACHE/router/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
find_system
find_base
find_keys
make_root
make_bundle
make_disk
make_manifest
say "made disk.img, firmware-$version.raucb, MANIFEST and sbom.cdx.json in $out"
say "device-images/router/run $out/disk.img starts it"
