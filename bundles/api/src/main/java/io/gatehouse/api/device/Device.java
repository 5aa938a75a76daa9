package io.gatehouse.api.device;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Who this device is. The answers do not change while the service is there. */
@ProviderType
public interface Device {
    /** {@code <family>/<model>/<id>}, for example {@code dwr/311-a1/00-11-22-33-44-55}. */
    String name();

    /** Where it stands, for example {@code world/asia/taiwan/taipei/neihu}. */
    Optional<String> place();

    /** 16 hex digits, new at each start of the gateway's process. */
    String boot();

    /** All scopes it lies under, from widest to narrowest; the last is its name. */
    List<String> scopes();
}
