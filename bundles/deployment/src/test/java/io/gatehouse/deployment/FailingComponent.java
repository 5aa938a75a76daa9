package io.gatehouse.deployment;

/** What a component of a broken plug-in looks like; loaded from a bundle of its own. */
public final class FailingComponent {
    public FailingComponent() {
        throw new IllegalStateException("no such device: /dev/ttyUSB9");
    }
}
