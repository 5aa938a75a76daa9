package io.gatehouse.deployment;

import io.gatehouse.protocol.LicensedFeature;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Complains of components that miss a service or failed to activate, in any bundle. What waits for its configuration or its
 * license is as it should be.
 */
@Component(property = "gatehouse.proof=components")
public final class ComponentsProof implements Proof {
    private static final String CAUSE = "Caused by: ";
    private static final Pattern LICENSE = Pattern.compile(
            "\\(osgi\\.condition\\.id=" + Pattern.quote(LicensedFeature.CONDITION) + "(?<feature>[^()*]+)\\)");

    private final ServiceComponentRuntime components;

    @Activate
    public ComponentsProof(@Reference ServiceComponentRuntime components) {
        this.components = components;
    }

    @Override
    public List<Complaint> complaints(Set<String> touched) {
        List<Complaint> complaints = new ArrayList<>();
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
                complain(component, configuration, complaints);
            }
        }
        return complaints;
    }

    private static void complain(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, List<Complaint> complaints) {
        String name = "component " + component.name + " of " + component.bundle.symbolicName;
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            complaints.add(Complaint.of(name + " failed to activate: " + innermost(configuration.failure)));
        } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            for (UnsatisfiedReferenceDTO missing : configuration.unsatisfiedReferences) {
                if (!isLicense(missing)) {
                    complaints.add(Complaint.of(name + " misses " + words(component, missing)));
                }
            }
        }
    }

    /** Of a printed stack trace the cause that none other caused: what wraps it says only that something was called. */
    private static String innermost(@Nullable String trace) {
        String words = "no reason known";
        for (String line : trace == null ? List.<String>of() : trace.lines().toList()) {
            if (line.startsWith(CAUSE)) {
                words = line.substring(CAUSE.length());
            } else if (words.equals("no reason known")) {
                words = line;
            }
        }
        return words;
    }

    /** By its satisfying condition, or by a reference from which it reads the license's limits. */
    private static boolean isLicense(UnsatisfiedReferenceDTO missing) {
        Matcher license = LICENSE.matcher(missing.target == null ? "" : missing.target);
        return license.matches() && LicensedFeature.isName(license.group("feature"));
    }

    private static String words(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing) {
        String service = "a service";
        for (ReferenceDTO reference : component.references) {
            if (reference.name.equals(missing.name)) {
                service = "service " + reference.interfaceName;
            }
        }
        return service + " for its reference " + missing.name + target(missing.target);
    }

    private static String target(@Nullable String target) {
        return target == null || target.isEmpty() ? "" : " with the target " + target;
    }
}
