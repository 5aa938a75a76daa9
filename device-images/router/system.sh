# shellcheck shell=sh
# What all versions of a router's system share: Debian's part, and the tree without what differs. Sourced by make, with arch, debian,
# compatible, anew and work set.

# --- Debian's part, fetched once --------------------------------------------------------------------------------------

# The names of the packages, for this architecture; the kernel's is that of its newest version.
package_names() {
    sed -e '/^#/d' -e "s/ARCH/$debian/" "$ROUTER/packages" | while read -r package only; do
        [ "${only:-$debian}" = "$debian" ] || continue
        case $package in
            linux-image-cloud-*)
                package=$(apt apt-cache show "$package:$debian" | sed -n 's/^Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
                [ -n "$package" ] || die "Debian's sources on this machine have no linux-image-cloud-$debian"
                ;;
        esac
        echo "$package:$debian"
    done
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
            [ -n "$found" ] || die "no package has the library $library: name one in device-images/router/packages, or by --package"
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
    # Without it Java's simple compiler does all: emulated, the start takes 19 s of a processor instead of 31 s.
    rm "$tree/opt/gatehouse/conf/compiler.json"
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
        cat "$packages" "$ROUTER/system.sh" "$ROUTER/applets" "$IMAGES/lib/tree.sh" "$IMAGES/lib/java" "$IMAGES/lib/modules"
        find "$ROUTER/root" "$ROUTER/initrd" "$ROUTER/configurations.json" "$GATEWAY" "$(dirname "$GATEWAY")/engines" -type f -exec sha256sum {} + | sort
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
    add_copyrights "$system" "$packages" "$tree"
    sed -i "s/@COMPATIBLE@/$compatible/" "$tree/etc/rauc/system.conf"
    mv "$tree" "$base"
}
