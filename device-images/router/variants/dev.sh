# shellcheck shell=sh disable=SC2154 # make sets console
# A shell as root at the serial console, for whoever develops firmware. Never for a device.
echo "$console::respawn:-/bin/sh" >>"$TREE/etc/inittab"
