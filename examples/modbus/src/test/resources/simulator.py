"""A Modbus TCP server by pymodbus at a port of the loopback address, which says of each connection and request that it came.

Unit 1 answers, unit 2 answers after six seconds, and others do not.
"""
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer
from pymodbus.server.async_io import ModbusConnectedRequestHandler

HOLDING = [2301, 0xFFFE, 0xFFFF, 0xFFFF, 0x7960, 0xFFFE, 0x4366, 0x8000, 0x7FC0, 0x0000] + list(range(10, 300))


class Connection(ModbusConnectedRequestHandler):
    def connection_made(self, transport):
        print("connected", flush=True)
        super().connection_made(transport)

    def connection_lost(self, call_exc):
        print("disconnected", flush=True)
        super().connection_lost(call_exc)


class Registers(ModbusSequentialDataBlock):
    def __init__(self, name, seconds, words):
        super().__init__(0, words)
        self.name = name
        self.seconds = seconds

    def getValues(self, address, count=1):
        print("asked for", self.name, address, count, flush=True)
        time.sleep(self.seconds)
        return super().getValues(address, count)


def unit(seconds):
    return ModbusSlaveContext(
        hr=Registers("holding", seconds, HOLDING), ir=Registers("input", seconds, [7, 8]), zero_mode=True)


StartTcpServer(
    context=ModbusServerContext(slaves={1: unit(0), 2: unit(6)}, single=False),
    address=("127.0.0.1", int(sys.argv[1])),
    handler=Connection)
