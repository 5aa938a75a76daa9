package io.gatehouse.identity;

import io.gatehouse.api.device.Attester;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Signs by the device's own key, and shows the certificate that is in force then. */
final class DeviceAttester implements Attester {
    private static final Pattern PURPOSE = Pattern.compile("[a-z]+(-[a-z]+)*");

    private final DeviceKey key;
    private final Supplier<IssuedChain> chain;

    /**
     * One for this key.
     *
     * @param chain what is in force now; always for this key
     */
    DeviceAttester(DeviceKey key, Supplier<IssuedChain> chain) {
        this.key = key;
        this.chain = chain;
    }

    @Override
    public Attestation attest(String purpose, byte[] statement) {
        if (!PURPOSE.matcher(purpose).matches()) {
            throw new IllegalArgumentException(
                    "a purpose must be lower-case words with hyphens, for example terminal: \"" + purpose + "\"");
        }
        byte[] prefix = ("gatehouse " + purpose).getBytes(StandardCharsets.UTF_8);
        byte[] said = Arrays.copyOf(prefix, prefix.length + 1 + statement.length); // with a zero byte in between
        System.arraycopy(statement, 0, said, prefix.length + 1, statement.length);
        return new Attestation(chain.get().certificates(), key.sign(said));
    }
}
