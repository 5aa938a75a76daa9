# The gateway's bill of materials, of which only what is in the image stays, be it a jar or within one, and with it the packages of Debian. A package
# has the licence that $licences names; or else that of the file in the image which its line names; or none.

def lines: split("\n") | map(select(. != "" and (startswith("#") | not)));

# stands_for(NAME) : whether this name is that one, or ends with * and begins it.
def stands_for($name): if endswith("*") then rtrimstr("*") as $start | $name | startswith($start) else . == $name end;

# licences(KNOWN) : of the package of this line, as a component says them.
def licences($known):
  .[0] as $name
  | .[3] as $file
  | [$known[] | select(.name | stands_for($name)) | {expression}]
  | if . == [] and $file then [{license: {name: "as \($file) says"}}] else .[:1] end;

($licences | lines | map(capture("^(?<name>\\S+) (?<expression>.+)$"))) as $known
| ($libraries | lines) as $inside
| ($packages | lines | map(split(" ") | {
    type: "library",
    "bom-ref": "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])",
    name: .[0],
    version: .[1],
    purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])",
    licenses: licences($known)
  })) as $debs
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
