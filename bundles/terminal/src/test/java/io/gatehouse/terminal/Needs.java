package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What some tests need of the machine. */
final class Needs {
    private Needs() {}

    static void programs(String... names) {
        for (String name : names) {
            assumeTrue(Tools.ofThisMachine().find(name).isPresent(), "this machine has no program " + name);
        }
    }

    static void root() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "this is not run by root, who may become another user");
    }
}
