#!/bin/sh
# build.sh NAME OUT : an OCI image layout, oci/, made without a container engine. Two layers: what changes seldom (the C library, busybox,
# Java), and the gateway.
set -eu

IMAGES=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=SCRIPTDIR/../lib/say.sh
. "$IMAGES/lib/say.sh"
# shellcheck source=SCRIPTDIR/../lib/debian.sh
. "$IMAGES/lib/debian.sh"
# shellcheck source=SCRIPTDIR/../lib/tree.sh
. "$IMAGES/lib/tree.sh"

name=$1
out=$2
arch=${name#container-}
architecture=$(debian_architecture "$arch")
user=990
home=usr/share/gatehouse
blobs=$out/oci/blobs/sha256
need_gateway
work=$(mktemp -d "$out.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# make_base FOLDER : the system of the image, of which a gateway needs little.
make_base() {
    "$IMAGES/lib/java" "$arch" "$1/$home/java"
    mv "$1/$home/java.packages" "$1/$home/java.needs" "$work"
    prepare_apt
    unpack_packages "$work/system" "libc6:$architecture" "busybox-static:$architecture" "base-files:$architecture"
    cat "$work/java.packages" "$work/system.packages" | sort -u >"$work/packages"
    mkdir -p "$1/bin" "$1/etc" "$1/proc" "$1/sys" "$1/dev"
    # The loader where every program says that it is; Debian has a link there to where the libraries are.
    loader=$(cd "$work/system" && find . -name 'ld-linux*' -type f | head -n 1)
    place=$(cd "$work/system" && find . -name 'ld-linux*' -type l | head -n 1)
    mkdir -p "$1/$(dirname "${place:-$loader}")" "$1/$(dirname "$loader")"
    cp "$work/system/$loader" "$1/${place:-$loader}"
    grep '^lib' "$work/java.needs" | while IFS= read -r library; do
        file=$(cd "$work/system" && find lib -name "$library" | head -n 1)
        [ -n "$file" ] || die "Java needs $library, and libc6 has none"
        cp -L "$work/system/$file" "$1/$file"
    done
    cp "$work/system/bin/busybox" "$1/bin/busybox"
    grep -v '^#' "$IMAGES/container/applets" | while IFS= read -r applet; do
        ln -s busybox "$1/bin/$applet"
    done
    add_copyrights "$work/system" "$work/system.packages" "$1"
    printf 'root:x:0:0:root:/:/bin/sh\ngatehouse:x:%s:%s:gatehouse:/var/lib/gatehouse:/bin/sh\n' $user $user >"$1/etc/passwd"
    printf 'root:x:0:\ngatehouse:x:%s:\n' $user >"$1/etc/group"
    echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
    plain_modes "$1"
}

# add_blob FILE : moves it to where its digest is, and says the digest.
add_blob() {
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    mv "$1" "$blobs/$digest"
    echo "$digest"
}

# descriptor TYPE DIGEST : what OCI calls a blob.
descriptor() {
    jq -n --arg type "application/vnd.oci.image.$1" --arg digest "sha256:$2" --argjson size "$(wc -c <"$blobs/$2")" \
        '{mediaType: $type, $digest, $size}'
}

# add_layer TAR : compresses it; says its two digests, of what it is and of what is stored.
add_layer() {
    plain=$(sha256sum "$1" | cut -d ' ' -f 1)
    gzip -9n <"$1" >"$1.gz"
    echo "$plain $(add_blob "$1.gz")"
}

make_base "$work/base"
mkdir -p "$work/owned/tmp" "$work/owned/var/lib/gatehouse" "$work/gateway/$home" "$blobs"
copy_gateway "$work/gateway/$home"
chmod 1777 "$work/owned/tmp"
chmod 750 "$work/owned/var/lib/gatehouse"
chmod 755 "$work/base" "$work/gateway" "$work/owned" "$work/owned/var" "$work/owned/var/lib"
say "packing"
pack "$work/base" >"$work/base.tar"
pack "$work/gateway" >"$work/gateway.tar"
tar --append --file "$work/gateway.tar" --directory "$work/owned" --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
    --no-recursion --owner=root:0 --group=root:0 ./tmp ./var ./var/lib
tar --append --file "$work/gateway.tar" --directory "$work/owned" --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
    --no-recursion --owner=gatehouse:$user --group=gatehouse:$user ./var/lib/gatehouse
base=$(add_layer "$work/base.tar")
gateway=$(add_layer "$work/gateway.tar")

version=$(gatehouse_version)
time=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
jq -n --arg architecture "${architecture%hf}" --arg time "$time" --arg user "$user:$user" --arg version "$version" \
    --arg base "sha256:${base% *}" --arg gateway "sha256:${gateway% *}" --arg home "/$home" '{
    created: $time, $architecture, os: "linux",
    config: {
        User: $user,
        Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin:\($home)/bin"],
        Entrypoint: ["\($home)/bin/gatehouse-gateway"],
        Volumes: {"/var/lib/gatehouse": {}},
        WorkingDir: "/",
        StopSignal: "SIGTERM",
        Labels: {
            "org.opencontainers.image.title": "Gatehouse",
            "org.opencontainers.image.version": $version,
            "org.opencontainers.image.licenses": "Apache-2.0"
        }
    },
    rootfs: {type: "layers", diff_ids: [$base, $gateway]},
    history: [{created: $time, created_by: "C library, busybox, Java"}, {created: $time, created_by: "Gatehouse"}]
} | if $architecture == "arm" then .variant = "v7" else . end' >"$work/config"
config=$(add_blob "$work/config")
jq -n --argjson config "$(descriptor config.v1+json "$config")" --argjson base "$(descriptor layer.v1.tar+gzip "${base#* }")" \
    --argjson gateway "$(descriptor layer.v1.tar+gzip "${gateway#* }")" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", $config, layers: [$base, $gateway]
}' >"$work/manifest"
manifest=$(add_blob "$work/manifest")
jq -n --argjson manifest "$(descriptor manifest.v1+json "$manifest")" --arg version "$version" \
    --argjson platform "$(jq '{architecture, os, variant} | with_entries(select(.value))' "$blobs/$config")" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [$manifest + {$platform, annotations: {"org.opencontainers.image.ref.name": $version}}]
}' >"$out/oci/index.json"
echo '{"imageLayoutVersion": "1.0.0"}' >"$out/oci/oci-layout"

mkdir "$work/whole"
tar -xf "$work/base.tar" -C "$work/whole"
tar -xf "$work/gateway.tar" -C "$work/whole"
write_manifest "$work/whole" "$out/MANIFEST"
write_sbom "$name" container "$work/whole/$home" "$work/packages" "$out/sbom.cdx.json"
echo "skopeo copy oci:@OUT@/oci docker://REGISTRY/gatehouse:$version, or podman run -v gatehouse:/var/lib/gatehouse oci:@OUT@/oci OPTION..." \
    >"${out%.part}.use"
