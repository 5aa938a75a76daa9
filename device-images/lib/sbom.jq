# The gateway's bill of materials, of which only what is in the image stays, be it a jar or within one, and with it the packages of Debian.

def lines: split("\n") | map(select(. != "" and (startswith("#") | not)));

($licences | lines | map(capture("^(?<name>\\S+) (?<expression>.+)$") | {(.name): .expression}) | add) as $known
| ($libraries | lines) as $inside
| ($packages | lines | map(split(" ") | {
    type: "library",
    "bom-ref": "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])",
    name: .[0],
    version: .[1],
    purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])"
  } + (if $known[.[0]] then {licenses: [{expression: $known[.[0]]}]} else {} end))) as $debs
| ([.components[] | select("\(.group)/\(.name)" | IN($inside[]))] + $debs) as $components
| (.metadata.component | .["bom-ref"]) as $gateway
| ($components | map(.["bom-ref"]) + [$gateway]) as $refs
| {
    bomFormat, specVersion, version,
    metadata: {
      timestamp: $time,
      component: (.metadata.component | {type: $type, "bom-ref": .["bom-ref"], group, name: "gatehouse-\($name)", version, description, licenses})
    },
    $components,
    dependencies: [
      .dependencies[]
      | select(.ref | IN($refs[]))
      | .dependsOn = [.dependsOn[]? | select(IN($refs[]))]
      | if .ref == $gateway then .dependsOn += ($debs | map(.["bom-ref"])) else . end
    ]
  }
