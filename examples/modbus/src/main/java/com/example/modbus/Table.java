package com.example.modbus;

/** Where a register is: the two tables whose registers have 16 bits. */
enum Table {
    /** What can be written too; function 3. */
    HOLDING,
    /** What can only be read; function 4. */
    INPUT
}
