package io.gatehouse.launcher;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** Starts all bundles from nothing. Those of the image may fail: then there is nothing better to start. */
final class ColdStart {
    private static final System.Logger LOG = System.getLogger(ColdStart.class.getName());

    private final Framework framework;
    private final Image image;
    private final Bundles bundles;

    ColdStart(Framework framework, Image image, Bundles bundles) {
        this.framework = framework;
        this.image = image;
        this.bundles = bundles;
    }

    /**
     * Starts them.
     *
     * @return how many are there
     * @throws ChangeFailed where one that lies over the image does not start
     */
    int start(Document document) throws ChangeFailed {
        Set<String> over = new HashSet<>();
        document.parts().forEach(part -> over.add(part.symbolicName()));
        List<Part> installed = new ArrayList<>();
        bundles.hold(image.under(document));
        for (Part part : image.under(document)) {
            if (bears(part, over, () -> bundles.install(part))) {
                installed.add(part);
            } else {
                bundles.giveUp(part);
            }
        }
        try {
            framework.start();
        } catch (BundleException e) {
            throw new ChangeFailed("start-failed", "the framework", e);
        }
        for (Part part : installed) {
            bears(part, over, () -> bundles.start(part));
        }
        return installed.size();
    }

    private static boolean bears(Part part, Set<String> over, Doing doing) throws ChangeFailed {
        try {
            doing.run();
            return true;
        } catch (ChangeFailed e) {
            if (over.contains(part.symbolicName())) {
                throw e;
            }
            LOG.log(System.Logger.Level.ERROR, "a bundle of the image does not start: " + e.detail());
            return false;
        }
    }

    private interface Doing {
        void run() throws ChangeFailed;
    }
}
