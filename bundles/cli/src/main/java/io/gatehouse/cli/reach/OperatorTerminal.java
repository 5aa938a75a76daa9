package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.Signals;

/** The terminal that this process was started at: raw while a session goes on, and as before afterwards, whatever happens. */
public final class OperatorTerminal implements AutoCloseable {
    private static final String RESIZED = "WINCH";

    private final Screen screen;
    private final Pty pty;
    private final Attributes before;
    private final Thread atExit;

    private OperatorTerminal(Screen screen, Pty pty, Attributes before) {
        this.screen = screen;
        this.pty = pty;
        this.before = before;
        this.atExit = new Thread(this::restore, "terminal");
    }

    /** How much room there is. */
    public record Size(int columns, int rows) {
        /** Of what is no terminal. */
        public static final Size USUAL = new Size(80, 24);
    }

    /** How much room there is at the terminal that the standard input is; nothing where it is none. */
    public static Optional<Size> here() {
        ExecTerminalProvider provider = new ExecTerminalProvider();
        try {
            return provider.isSystemStream(SystemStream.Input)
                    ? Optional.of(size(provider.current(SystemStream.Output)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // whoever makes it raw says so
        }
    }

    /**
     * Makes the terminal raw: each key goes on as it is, Ctrl-C too.
     *
     * @param screen is told, for what it notes meanwhile
     * @return nothing where the standard input is no terminal
     * @throws Trouble if it is one that cannot be set
     */
    public static Optional<OperatorTerminal> raw(Screen screen) throws Trouble {
        ExecTerminalProvider provider = new ExecTerminalProvider();
        if (!provider.isSystemStream(SystemStream.Input)) {
            return Optional.empty();
        }
        try {
            Pty pty = provider.current(SystemStream.Output); // which is what stands for the terminal at the input
            OperatorTerminal terminal = new OperatorTerminal(screen, pty, pty.getAttr());
            Runtime.getRuntime().addShutdownHook(terminal.atExit);
            pty.setAttr(raw(terminal.before));
            screen.raw(true);
            return Optional.of(terminal);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot set the terminal, by stty: " + e.getMessage(), e);
        }
    }

    private static Attributes raw(Attributes usual) {
        Attributes raw = new Attributes(usual);
        raw.setInputFlags(
                EnumSet.of(
                        InputFlag.IGNBRK,
                        InputFlag.BRKINT,
                        InputFlag.PARMRK,
                        InputFlag.ISTRIP,
                        InputFlag.INLCR,
                        InputFlag.IGNCR,
                        InputFlag.ICRNL,
                        InputFlag.IXON),
                false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setLocalFlags(
                EnumSet.of(LocalFlag.ECHO, LocalFlag.ECHONL, LocalFlag.ICANON, LocalFlag.ISIG, LocalFlag.IEXTEN),
                false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        return raw;
    }

    /** How much room there is now. */
    public Size size() {
        return size(pty);
    }

    private static Size size(Pty pty) {
        try {
            org.jline.terminal.Size size = pty.getSize();
            return size.getColumns() > 0 && size.getRows() > 0
                    ? new Size(size.getColumns(), size.getRows())
                    : Size.USUAL;
        } catch (IOException e) {
            return Size.USUAL; // it is gone, and so will be whoever looks at it
        }
    }

    /** Has it told when there is more or less room. */
    void onResize(Runnable told) {
        Signals.register(RESIZED, told);
    }

    @Override
    public void close() {
        Signals.registerDefault(RESIZED);
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ignored) {
            // the process ends already
        }
    }

    private void restore() {
        try {
            pty.setAttr(before);
            screen.raw(false);
        } catch (IOException ignored) {
            // the terminal is gone
        }
    }
}
