# shellcheck shell=sh
# From a folder to bytes that are the same whenever and wherever they are made, and what is said of them. Sourced, after say.sh.

# copy_gateway FOLDER : what ./dev build made, as it goes into an image.
copy_gateway() {
    need_gateway
    mkdir -p "$1"
    for part in bin lib bundles conf; do
        cp -RL "$GATEWAY/$part" "$1/$part"
    done
    # Made for this machine's Java and folders, if somebody made it.
    rm -f "$1/lib/gatehouse.jsa"
    cp "$IMAGES/../LICENSE" "$1/LICENSE"
    plain_modes "$1"
}

# add_engine NAME FOLDER [CONFIGURATIONS] : puts what writes firmware by NAME into the gateway in FOLDER, with these configurations by PID.
add_engine() {
    engines=$(dirname "$GATEWAY")/engines
    engine=$(find "$engines" -name "io.gatehouse.firmware.$1-*.jar")
    [ -n "$engine" ] ||
        die "no such engine: $1; there are $(find "$engines" -name '*.jar' | sed 's,.*/io\.gatehouse\.firmware\.\([a-z]*\)-.*,\1,' | sort | paste -sd ' ')"
    cp "$engine" "$2/bundles/"
    [ -z "${3-}" ] || cp "$3" "$2/conf/configurations.json"
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$2/lib/*" io.gatehouse.launcher.Launcher seal --home "$2" >/dev/null
    plain_modes "$2"
}

# link_gateway ROOT SETTINGS : of the gateway in ROOT's usr/share/gatehouse, the settings lie in /etc and the program is among the system's.
link_gateway() {
    mkdir -p "$1/etc/gatehouse" "$1/usr/sbin"
    cp "$2" "$1/etc/gatehouse/gateway.properties"
    ln -sf /etc/gatehouse/gateway.properties "$1/usr/share/gatehouse/conf/gateway.properties"
    ln -s ../share/gatehouse/bin/gatehouse-gateway "$1/usr/sbin/gatehouse-gateway"
}

# package_version : as dpkg and opkg order versions: a snapshot is before what it becomes.
package_version() {
    gatehouse_version | sed 's/-/~/'
}

# plain_modes FOLDER : 755 for folders and programs, 644 for the rest, whatever they were here.
plain_modes() {
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -type f -perm -100 -exec chmod 755 {} +
    find "$1" -type f ! -perm -100 -exec chmod 644 {} +
}

# add_asked_engine FOLDER : the engine that --engine names, where it does.
add_asked_engine() {
    [ -z "${GATEHOUSE_IMAGE_ENGINE-}" ] || add_engine "$GATEHOUSE_IMAGE_ENGINE" "$1" "${GATEHOUSE_IMAGE_CONFIGURATIONS-}"
}

# pack FOLDER : the folder as a tar to standard output, by names, of root, of one time.
pack() {
    tar --create --directory "$1" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=root:0 --group=root:0 \
        --format=gnu .
}

# bytes_in FOLDER : how many its files have. What a folder itself takes is another thing on each file system.
bytes_in() {
    find "$1" -type f -printf '%s\n' | awk '{ bytes += $1 } END { printf "%.0f\n", bytes }'
}

# write_manifest FOLDER FILE : the SHA-256 of every file in the folder, as sha256sum -c takes it.
write_manifest() {
    (cd "$1" && find . -type f | sed 's,^\./,,' | sort | xargs -d '\n' sha256sum) >"$2"
}

# libraries_in FOLDER : the libraries that its jars are, or have within them, as GROUP/NAME. Each leaves its name for that, and names in a jar are not compressed.
libraries_in() {
    find "$1/lib" "$1/bundles" -name '*.jar' -exec grep -aohE 'META-INF/maven/[^/]+/[^/]+/pom\.properties' {} + |
        sed -e 's,^META-INF/maven/,,' -e 's,/pom\.properties$,,' | sort -u
}

# write_sbom NAME TYPE GATEWAY PACKAGES FILE : the bill of materials (CycloneDX) of the image NAME, which is of CycloneDX's
# TYPE: the jars in the folder GATEWAY with all that is within them, and the packages of Debian that PACKAGES lists, a line each:
# name, version, architecture and, for one that lib/licences need not know, the file in the image that says its licence.
write_sbom() {
    libraries_in "$3" >"$5.libraries"
    jq --arg name "$1" --arg type "$2" --rawfile libraries "$5.libraries" --rawfile packages "$4" --rawfile licences "$IMAGES/lib/licences" \
        --arg time "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" -f "$IMAGES/lib/sbom.jq" "$GATEWAY.cdx.json" >"$5"
    find "$3/lib" "$3/bundles" -name '*.jar' -exec basename {} .jar \; | sort | sed 's,^,the jar ,' >"$5.inside"
    sed 's,^,the library ,' "$5.libraries" | sort >>"$5.inside"
    jq -r '.components[] | "the jar \(.name)-\(.version)", "the library \(.group)/\(.name)"' "$5" | sort >"$5.named"
    missing=$(sort "$5.inside" | comm -23 - "$5.named")
    rm -f "$5.libraries" "$5.inside" "$5.named"
    [ -z "$missing" ] || die "the bill of materials at $GATEWAY.cdx.json does not name these, so it is older than they are: $missing"
    unlicensed=$(jq -r '.components[] | select(.purl | startswith("pkg:deb/")) | select(.licenses == []) | .name' "$5")
    [ -z "$unlicensed" ] || die "device-images/lib/licences names no licence of these packages of Debian: $unlicensed"
}

# add_copyrights SYSTEM PACKAGES FOLDER : what Debian says of the rights in these packages, which PACKAGES lists, from where they are unpacked; and
# the texts that it refers to, which base-files has.
add_copyrights() {
    mkdir -p "$3/usr/share/doc"
    while read -r package _; do
        [ -e "$1/usr/share/doc/$package/copyright" ] ||
            die "Debian's $package leaves its rights to the package $(basename "$(readlink "$1/usr/share/doc/$package")"): take that too"
        cp -L "$1/usr/share/doc/$package/copyright" "$3/usr/share/doc/$package.copyright"
    done <"$2"
    [ ! -d "$1/usr/share/common-licenses" ] || cp -R "$1/usr/share/common-licenses" "$3/usr/share"
}
