package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Batch;
import io.gatehouse.cli.license.Claims;
import io.gatehouse.cli.license.DeviceList;
import io.gatehouse.cli.license.Fields;
import io.gatehouse.cli.license.LicenseText;
import io.gatehouse.cli.license.Renewal;
import io.gatehouse.cli.license.ReportedHardware;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.license.TokenFile;
import io.gatehouse.cli.license.Verification;
import io.gatehouse.cli.license.WrongField;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.trust.Jwt;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes licenses. */
@Command(
        name = "issue",
        description = {
            "Make a license, or one for each device of a table, signed by the issuer's key.",
            "A table (CSV) has a line that names its columns: device, and as needed id, seq, features, from,",
            "until, lasts, grace, subscription-until, lease, evaluation, hardware, at-least. A cell means what",
            "the option of its name does, and counts in its place; several features or fingerprints of a cell",
            "have blanks between them. All rows are looked at, and signed, before the first file is written."
        },
        footer = {
            "%nExamples:",
            "  gatehouse license issue --key acme.key --issuer acme --for dwr/311-a1 --feature com.acme.rain:targets=50",
            "      --lasts P365D --grace P14D --out rain.jwt",
            "  gatehouse license issue --key acme.key --issuer acme --for dwr --feature com.acme.rain --evaluation P30D",
            "  gatehouse license issue --key acme.key --issuer acme --for dwr/311-a1/00-11-22-33-44-55",
            "      --feature com.acme.rain --hardware-of dwr/311-a1/00-11-22-33-44-55 --at-least 2",
            "  gatehouse license issue --key acme.key --issuer acme --feature com.acme.rain",
            "      --subscription-until 2029-01-01 --lease P30D --csv devices.csv --out licenses",
            "  gatehouse license issue --key acme.key --renew rain.jwt --lasts P365D --out rain-2.jwt"
        })
final class LicenseIssueCommand implements Callable<Integer> {
    private static final Set<String> OF_RENEWALS = Set.of(Fields.UNTIL, Fields.LASTS);

    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    @Mixin
    private IssuerKeyOption key = new IssuerKeyOption();

    @Option(
            names = "--issuer",
            paramLabel = "NAME",
            description = "The issuer, as the trust document names the key's (iss).")
    @Nullable
    private String issuer;

    @Mixin
    private LicenseOptions wanted = new LicenseOptions();

    @Option(
            names = "--hardware-of",
            paramLabel = "DEVICE",
            description = {"In place of --hardware: the fingerprints that this device reported", "to the broker."})
    @Nullable
    private String hardwareOf;

    @Option(
            names = "--renew",
            paramLabel = "FILE",
            description = {
                "In place of all that a license says: the next sequence of this one,",
                "with another --until or --lasts; of a subscription without them its",
                "next lease. An evaluation becomes a license."
            })
    @Nullable
    private Path renew;

    @Mixin
    private EarlierKeysOption earlier = new EarlierKeysOption();

    @Option(names = "--csv", paramLabel = "FILE", description = "In place of --for: a table with a device a line.")
    @Nullable
    private Path csv;

    @Option(
            names = "--out",
            paramLabel = "FILE|FOLDER",
            description = {
                "A new file for the license, without it standard output. With --csv",
                "the folder for them, one file a device:",
                "dwr-311-a1-00-11-22-33-44-55.jwt."
            })
    @Nullable
    private Path out;

    LicenseIssueCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Trouble {
        return OrderlyEnd.after(
                this::issue); // a key on a token signs by a program, which leaves files when it is cut off
    }

    private int issue() throws Trouble, InterruptedException {
        if (renew != null && csv != null) {
            throw usage("--renew is of one license, and --csv of many");
        }
        if (renew != null) {
            return renew(renew);
        }
        if (earlier.isGiven()) {
            throw usage("--trust tells whose a license is that is renewed: add --renew FILE, or leave it out");
        }
        Session session = sessions.get();
        Claims claims = new Claims(issuer(), surroundings.clock().instant());
        Fields fields = hardware(session, wanted.fields());
        if (csv != null) {
            return issueAll(session.screen(), csv, fields, claims);
        }
        try {
            License license = claims.license(fields);
            return write(key.signer(surroundings.environment()), license);
        } catch (WrongField e) {
            throw LicenseOptions.wrong(e);
        }
    }

    private String issuer() throws Trouble {
        String name = issuer;
        if (name == null) {
            throw usage("whose license is it? Give --issuer NAME, as the trust document names the key's");
        }
        if (!Names.isName(name)) {
            throw usage("--issuer must be " + Names.FORM + ": " + name);
        }
        return name;
    }

    private Fields hardware(Session session, Fields fields) throws Trouble, InterruptedException {
        if (hardwareOf == null) {
            return fields;
        }
        if (csv != null) {
            throw usage(
                    "--hardware-of is of one device: with --csv fingerprints are a column, hardware: " + hardwareOf);
        }
        if (fields.values().containsKey(Fields.HARDWARE)) {
            throw usage("--hardware and --hardware-of exclude each other: " + hardwareOf);
        }
        String device = Verification.Site.parse(hardwareOf).device();
        session.sayWhichDemo();
        try (Fleet fleet = session.connect(List.of(ReportedHardware.filter(device)))) {
            String prints = String.join(" ", ReportedHardware.of(device, fleet));
            return fields.under(new Fields(Map.of(Fields.HARDWARE, prints)));
        }
    }

    private int issueAll(Screen screen, Path table, Fields fields, Claims claims) throws Trouble {
        Path folder = out;
        if (folder == null) {
            throw usage("where to? --csv needs --out FOLDER");
        }
        if (fields.values().containsKey(Fields.FOR) || fields.values().containsKey(Fields.ID)) {
            throw usage("--for and --id are of one license: with --csv they are columns, device and id");
        }
        DeviceList list = DeviceList.read(table, fields, claims);
        Map<String, Path> files = new Batch(key.signer(surroundings.environment()), screen).issue(list, folder);
        if (screen.json()) {
            files.forEach((device, file) -> screen.object(Map.of("device", device, "file", file.toString())));
        } else {
            screen.line(files.size() + " licenses are in " + folder);
        }
        return 0;
    }

    private int renew(Path file) throws Trouble {
        Fields fields = wanted.fields();
        for (String name : fields.values().keySet()) {
            if (!OF_RENEWALS.contains(name)) {
                throw usage("--renew changes nothing but the end (--until, --lasts), and not --" + name
                        + ": issue another license for that");
            }
        }
        if (hardwareOf != null) {
            throw usage("--renew changes nothing but the end (--until, --lasts), and not --hardware-of " + hardwareOf
                    + ": issue another license for that");
        }
        Token<License> token = TokenFile.license(file, surroundings.in());
        if (issuer != null && !issuer.equals(token.claims().id().issuer())) {
            throw usage(file + " is a license of " + token.claims().id().issuer() + ", and --issuer is " + issuer);
        }
        Jwt.Signer signer = key.signer(surroundings.environment());
        Optional<String> foreign = earlier.tokens(signer.jwk()).foreign(token);
        if (foreign.isPresent()) {
            throw usage(file + " is not renewed: " + foreign.get());
        }
        try {
            return write(
                    signer,
                    Renewal.next(token.claims(), fields, surroundings.clock().instant()));
        } catch (WrongField e) {
            throw LicenseOptions.wrong(e);
        }
    }

    private int write(Jwt.Signer signer, License license) throws Trouble {
        if (out != null && !mayBe(out, license)) {
            throw usage(out + " is there already, and "
                    + (renew == null
                            ? "no license is overwritten: take another name"
                            : "is no earlier sequence of " + license.id() + ": take another name"));
        }
        String token = Token.sign(signer, license);
        Screen screen = sessions.get().screen();
        String words = license.id() + ", sequence " + license.sequence() + ", for " + license.subject() + ", "
                + LicenseText.until(license.term());
        if (out != null) {
            TokenFile.write(out, token);
            screen.say(out + " is " + words);
        }
        if (screen.json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("token", token);
            object.put("claims", license.write());
            screen.object(object);
        } else if (out == null) {
            screen.line(token);
            screen.note(words);
        }
        return 0;
    }

    /** Whether it is a new file, or one with an earlier sequence of what is renewed. */
    private boolean mayBe(Path file, License license) {
        if (Files.notExists(file)) {
            return true;
        }
        try {
            License there =
                    TokenFile.license(file, InputStream.nullInputStream()).claims();
            return renew != null && there.id().equals(license.id()) && there.sequence() < license.sequence();
        } catch (Trouble e) {
            return false; // something else, which nobody meant
        }
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}
