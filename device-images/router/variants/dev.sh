# shellcheck shell=sh
# A shell as root at the serial console, for whoever develops firmware. Never for a device.
echo 'ttyS0::respawn:-/bin/sh' >>"$TREE/etc/inittab"
