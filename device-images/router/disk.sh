# shellcheck shell=sh
# The disk that boots a system. Sourced by make, with arch, kernel_words, system, out and work set.

# The disk, in sectors of 512 bytes: 32 MiB to boot from, two slots of 96 MiB, 128 MiB of data.
SIGNATURE=47415445
BOOT=2048
BOOT_SIZE=65536
SLOT_SIZE=196608
DATA_SIZE=262144
A=$((BOOT + BOOT_SIZE))
B=$((A + SLOT_SIZE))
DATA=$((B + SLOT_SIZE))
# Where the files grubenv and grubenv2 come to lie, in which GRUB and usr/lib/router/slots keep which slot starts.
ENVIRONMENT=2160
COPY=2168
DATA_UUID=47415445-4841-4f55-5345-000000000004

# Writes GRUB, its configuration and which slot starts. The files grubenv and grubenv2 are one sector long, and each alone in its cluster.
write_boot() {
    sed -e "s/@SIGNATURE@/$SIGNATURE/" -e "s|@CMDLINE@|$kernel_words|" "$ROUTER/boot/grub.cfg" >"$work/grub.cfg"
    truncate -s $((BOOT_SIZE * 512)) "$work/boot.img"
    mkfs.vfat -F 16 -s 8 -n BOOT -i $SIGNATURE --invariant "$work/boot.img" >/dev/null
    truncate -s $(((COPY + 1) * 512)) "$work/environment"
    ROUTER_DISK=$work/environment "$ROUTER/root/usr/lib/router/slots" set-primary A
    dd if="$work/environment" of="$work/grubenv" bs=512 skip=$ENVIRONMENT count=1 status=none
    cp "$work/grubenv" "$work/grubenv2"
    mmd -i "$work/boot.img" ::grub
    mcopy -i "$work/boot.img" "$work/grubenv" "$work/grubenv2" "$work/grub.cfg" ::grub
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
    for at in $ENVIRONMENT $COPY; do
        dd if="$disk" bs=512 skip="$at" count=1 status=none | cmp -s - "$work/grubenv" ||
            die "no grubenv lies at sector $at of the disk, where usr/lib/router/slots writes it"
    done
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
