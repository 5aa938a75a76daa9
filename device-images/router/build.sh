#!/bin/sh
# build.sh NAME OUT : the first version of a router's system, as a disk that boots. ./make has what differs from one version to the next.
set -eu

IMAGES=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=$1
out=$2
arch=${name#router-}
"$IMAGES/router/make" --quiet --arch "$arch" --version V1 --sequence 1 --out "$out"
echo "device-images/router/run @OUT@/disk.img --arch $arch, after device-images/router/provision @OUT@/disk.img gatehouse.broker=...; \
device-images/router/make makes the firmware of further versions" >"${out%.part}.use"
