package com.example.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.io.ModbusTCPTransaction;
import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.net.TCPMasterConnection;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * The connection to a device: made when something is to be read, and kept until something goes wrong. For one thread, but for {@link #close}, which ends
 * what that thread does.
 */
final class Line implements AutoCloseable {
    private final InetAddress host;
    private final int port;
    private final int unit;
    private volatile Optional<TCPMasterConnection> connection = Optional.empty();
    private volatile boolean isClosed;

    Line(InetAddress host, int port, int unit) {
        this.host = host;
        this.port = port;
        this.unit = unit;
    }

    /**
     * Reads registers.
     *
     * @param millis how long it may take
     * @return each register, 0 to 65535
     * @throws IOException where the device refuses, answers something else, or not in time
     */
    int[] read(Span span, long millis) throws IOException {
        if (millis <= 0) {
            throw new IOException(this + " took too long before it was asked for the " + span);
        }
        try {
            return words(span, ask(open(millis), span));
        } catch (ModbusSlaveException e) {
            throw new IOException(
                    this + " refuses the " + span + ": " + ModbusSlaveException.getMessage(e.getType()), e);
        } catch (ModbusException e) {
            drop(); // its late answer would be taken for the next one's
            throw new IOException(this + " does not answer for the " + span + ": " + e.getMessage(), e);
        }
    }

    private TCPMasterConnection open(long millis) throws IOException {
        TCPMasterConnection open = connection.orElse(null);
        if (open == null) {
            open = new TCPMasterConnection(host);
            open.setPort(port);
        }
        open.setTimeout((int) millis);
        try {
            open.connect(); // nothing, where it is connected
        } catch (Exception e) { // as j2mod declares it
            throw new IOException(this + " cannot be reached: " + e.getMessage(), e);
        }
        connection = Optional.of(open);
        if (isClosed) {
            drop();
            throw new IOException(this + " is not wanted any more");
        }
        return open;
    }

    private ModbusResponse ask(TCPMasterConnection open, Span span) throws ModbusException {
        ModbusRequest request = span.table() == Table.HOLDING
                ? new ReadMultipleRegistersRequest(span.first(), span.count())
                : new ReadInputRegistersRequest(span.first(), span.count());
        request.setUnitID(unit);
        ModbusTCPTransaction transaction = new ModbusTCPTransaction(open);
        transaction.setRequest(request);
        transaction.setRetries(1); // the runtime asks again, with pauses that grow
        transaction.execute();
        return transaction.getResponse();
    }

    private int[] words(Span span, ModbusResponse response) throws IOException {
        InputRegister[] registers = {};
        if (response instanceof ReadMultipleRegistersResponse holding) {
            registers = holding.getRegisters();
        } else if (response instanceof ReadInputRegistersResponse input) {
            registers = input.getRegisters();
        }
        if (registers.length != span.count()) {
            drop();
            throw new IOException(this + " was asked for the " + span + " and answered " + response.getHexMessage());
        }
        return Arrays.stream(registers).mapToInt(InputRegister::toUnsignedShort).toArray();
    }

    private void drop() {
        connection.ifPresent(TCPMasterConnection::close);
        connection = Optional.empty();
    }

    @Override
    public void close() {
        isClosed = true;
        drop();
    }

    @Override
    public String toString() {
        String address = host.getHostAddress();
        return "unit " + unit + " at " + (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
