package com.example.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The power is cut before and after each step by which this engine changes flash: after none, after one, after two, to the last. */
final class PowerCutTest {
    /** No engine of two slots has as many. */
    private static final int NEVER = 1_000;

    @TempDir
    Path folder;

    private interface Action {
        void on(TwoSlots engine, Path image) throws Exception;
    }

    private interface Check {
        void of(Machine machine, String started) throws Exception;
    }

    private Machine machine(String name) throws Exception {
        return new Machine(folder.resolve(name));
    }

    /** One that runs the new firmware on trial. */
    private Machine machineOnTrial(String name) throws Exception {
        Machine machine = machine(name);
        TwoSlots engine = machine.engine(Disk.ofMachine());
        engine.install(machine.image(), ratio -> {});
        engine.activate(machine.image());
        assertEquals("b", machine.restart());
        return machine;
    }

    /** Cuts the power after each step of an action; checks what is started then. */
    private int cutAtEach(boolean onTrial, boolean isForgetful, Action action, Check check) throws Exception {
        for (int steps = 0; steps < NEVER; steps++) {
            Machine machine = onTrial ? machineOnTrial("cut-" + steps) : machine("cut-" + steps);
            CutDisk disk = new CutDisk(steps, isForgetful);
            try {
                action.on(machine.engine(disk), machine.image());
            } catch (CutDisk.PowerCut e) {
                assertTrue(disk.isCut());
            }
            String started = machine.restart();
            assertTrue(Set.of(Machine.OLD, Machine.NEW).contains(machine.content(started)), "a part of one is started");
            check.of(machine, started);
            if (!disk.isCut()) {
                return steps;
            }
        }
        throw new AssertionError("it has no end");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatRunsIsStartedUntilAnotherIsActivated(boolean isForgetful) throws Exception {
        int steps = cutAtEach(
                false, isForgetful, (engine, image) -> engine.install(image, ratio -> {}), (machine, started) -> {
                    assertEquals("a", started);
                    takeAnew(machine);
                });
        assertTrue(steps >= 7, "it has " + steps + " steps");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eitherIsStartedWhileOneIsActivated(boolean isForgetful) throws Exception {
        cutAtEach(
                false,
                isForgetful,
                (engine, image) -> {
                    engine.install(image, ratio -> {});
                    engine.activate(image);
                },
                (machine, started) -> takeAnew(machine));
    }

    /** Whatever the cut left, the next attempt comes to its end. */
    private static void takeAnew(Machine machine) throws Exception {
        TwoSlots engine = machine.engine(Disk.ofMachine());
        if (engine.running().slot().equals("a")) {
            engine.install(machine.image(), ratio -> {});
            engine.activate(machine.image());
            assertEquals("b", machine.restart());
        }
        assertEquals(Machine.NEW, machine.content("b"));
        engine.markGood();
        assertEquals("b", machine.restart());
        assertEquals(Machine.OLD, machine.content("a"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsKeptIsStartedWhileItIsMarkedGood(boolean isForgetful) throws Exception {
        cutAtEach(true, isForgetful, (engine, image) -> engine.markGood(), (machine, started) -> {
            assertEquals("b", started);
            machine.engine(Disk.ofMachine()).markGood();
            assertEquals("b", machine.restart());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsGivenUpIsLeftInTheEnd(boolean isForgetful) throws Exception {
        cutAtEach(true, isForgetful, (engine, image) -> engine.markBad(), (machine, started) -> {
            if (started.equals("b")) { // the cut came first: whoever called it calls it again
                machine.engine(Disk.ofMachine()).markBad();
                assertEquals("a", machine.restart());
            }
            assertEquals("a", machine.restart());
        });
    }
}
