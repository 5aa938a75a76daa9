package io.gatehouse.cli.ca;

import io.gatehouse.cli.fleet.Trouble;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** What a broker is called by whoever connects to it: host names and addresses. */
final class ServerNames {
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private ServerNames() {}

    /**
     * Reads names.
     *
     * @throws Trouble if one of them is neither a host's name nor an address
     */
    static List<GeneralName> read(List<String> texts) throws Trouble {
        List<GeneralName> names = new ArrayList<>();
        for (String text : texts) {
            if (IPAddress.isValid(text)) {
                names.add(new GeneralName(GeneralName.iPAddress, text));
            } else if (HOST.matcher(text).matches()) {
                names.add(new GeneralName(GeneralName.dNSName, text));
            } else {
                throw new Trouble(Trouble.Kind.USAGE, "neither a host's name nor an address: " + text);
            }
        }
        return names;
    }

    static String text(GeneralName name) {
        if (name.getTagNo() != GeneralName.iPAddress) {
            return name.getName().toString();
        }
        try {
            byte[] address = ASN1OctetString.getInstance(name.getName()).getOctets();
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address that was read is one", e);
        }
    }
}
