"""The opcodes of the Java virtual machine: the one table that every other part is fed from.

What it is: one row per opcode of JVMS §6.5 (0 to 201), in numeric order, with its operand layout,
its stack effect and its meaning.  The interpreter's switch, the verifiers, the assembler, the
disassembler and the compile tier take numbers, lengths and effects from here and nowhere else.

Invariant: `OPCODES[n].number == n`, mnemonics are unique, and the length of an instruction follows
from its operand layout alone.

Stack effects are strings of one letter per value, bottom of the stack first:

    I int   J long   F float   D double   A reference   R returnAddress
    X any one slot (its type follows from the context)   Y any two-slot value
    * zero or more slots that depend on a descriptor or on the constant pool

`J`, `D` and `Y` take two slots, every other letter but `*` takes one.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Operands(enum.Enum):
    """How the bytes after the opcode are laid out (JVMS §6.5, the "Format" of each instruction)."""

    NONE = "none"
    BYTE = "s1 value"
    SHORT = "s2 value"
    LOCAL = "u1 local index (u2 after wide)"
    POOL_U1 = "u1 constant pool index"
    POOL = "u2 constant pool index"
    BRANCH = "s2 branch offset"
    BRANCH_W = "s4 branch offset"
    IINC = "u1 local index, s1 constant (u2, s2 after wide)"
    TABLESWITCH = "0-3 bytes of padding, s4 default, s4 low, s4 high, s4 offset for each"
    LOOKUPSWITCH = "0-3 bytes of padding, s4 default, s4 count, s4 key and s4 offset for each"
    WIDE = "u1 opcode, then its widened operands"
    INVOKEINTERFACE = "u2 constant pool index, u1 argument slots, u1 zero"
    INVOKEDYNAMIC = "u2 constant pool index, u2 zero"
    NEWARRAY = "u1 primitive type code"
    MULTIANEWARRAY = "u2 constant pool index, u1 dimensions"
    # Of internal opcodes only; never in a class file.
    OFFSET = "u2 little endian: byte offset in the object, or place in a table"
    LOAD_OFFSET = "the next instruction: u1 opcode, u2 byte offset, little endian"
    VIRTUAL = "u1 argument slots, u1 vtable index"
    LOCAL_LOCAL = "u1 local index, then the next instruction: u1 opcode, u1 local index"


NONE = Operands.NONE
BYTE = Operands.BYTE
SHORT = Operands.SHORT
LOCAL = Operands.LOCAL
POOL_U1 = Operands.POOL_U1
POOL = Operands.POOL
BRANCH = Operands.BRANCH
BRANCH_W = Operands.BRANCH_W
IINC = Operands.IINC
TABLESWITCH = Operands.TABLESWITCH
LOOKUPSWITCH = Operands.LOOKUPSWITCH
WIDE = Operands.WIDE
INVOKEINTERFACE = Operands.INVOKEINTERFACE
INVOKEDYNAMIC = Operands.INVOKEDYNAMIC
NEWARRAY = Operands.NEWARRAY
MULTIANEWARRAY = Operands.MULTIANEWARRAY
OFFSET = Operands.OFFSET
LOAD_OFFSET = Operands.LOAD_OFFSET
VIRTUAL = Operands.VIRTUAL
LOCAL_LOCAL = Operands.LOCAL_LOCAL

# Length of a whole instruction, opcode included; 0 where it varies with alignment or contents.
INSTRUCTION_LENGTH: Final[dict[Operands, int]] = {
    NONE: 1,
    BYTE: 2,
    SHORT: 3,
    LOCAL: 2,
    POOL_U1: 2,
    POOL: 3,
    BRANCH: 3,
    BRANCH_W: 5,
    IINC: 3,
    TABLESWITCH: 0,
    LOOKUPSWITCH: 0,
    WIDE: 0,
    INVOKEINTERFACE: 5,
    INVOKEDYNAMIC: 5,
    NEWARRAY: 2,
    MULTIANEWARRAY: 4,
    OFFSET: 3,
    LOAD_OFFSET: 4,
    VIRTUAL: 3,
    LOCAL_LOCAL: 4,
}

SLOTS: Final[dict[str, int]] = {"I": 1, "J": 2, "F": 1, "D": 2, "A": 1, "R": 1, "X": 1, "Y": 2}

# Values of the newarray operand (JVMS §6.5 newarray, table 6.5.newarray-A).
NEWARRAY_TYPES: Final[dict[int, str]] = {
    4: "boolean",
    5: "char",
    6: "float",
    7: "double",
    8: "byte",
    9: "short",
    10: "int",
    11: "long",
}


def slots(effect: str) -> int:
    """The number of stack slots of an effect string, or -1 when it depends on a descriptor."""
    return -1 if "*" in effect else sum(SLOTS[letter] for letter in effect)


@dataclass(frozen=True, slots=True)
class Opcode:
    """One row of the table: an instruction of JVMS §6.5."""

    number: int
    mnemonic: str
    operands: Operands
    pops: str
    pushes: str
    meaning: str
    family: str = ""

    @property
    def section(self) -> str:
        """The JVMS heading that describes it; families such as iload_<n> share one."""
        return f"JVMS §6.5 {self.family or self.mnemonic}"

    @property
    def length(self) -> int:
        """Length in bytes with the opcode itself; 0 when it varies."""
        return INSTRUCTION_LENGTH[self.operands]

    @property
    def pop_slots(self) -> int:
        """Slots taken from the operand stack; -1 when a descriptor decides."""
        return slots(self.pops)

    @property
    def push_slots(self) -> int:
        """Slots put on the operand stack; -1 when a descriptor decides."""
        return slots(self.pushes)

    @property
    def symbol(self) -> str:
        """Its name in the generated enum: OP_ILOAD_0."""
        return f"OP_{self.mnemonic.upper()}"

    @property
    def falls_through(self) -> bool:
        """Whether the next instruction in the code can follow this one.

        The one after a jsr is reached by ret, not by falling through.
        """
        return self.mnemonic not in _NEVER_FALLS_THROUGH

    @property
    def implicit_local(self) -> int | None:
        """The local variable named by the mnemonic itself (iload_2), if one is."""
        stem, _, digit = self.mnemonic.rpartition("_")
        return int(digit) if stem.endswith(("load", "store")) else None


_NEVER_FALLS_THROUGH: Final = frozenset(
    "goto goto_w jsr jsr_w ret tableswitch lookupswitch athrow "
    "ireturn lreturn freturn dreturn areturn return".split()
)

# The opcodes that may follow wide (JVMS §6.5 wide).
WIDENABLE: Final = frozenset(
    "iload lload fload dload aload istore lstore fstore dstore astore ret iinc".split()
)

OPCODES: Final[tuple[Opcode, ...]] = (
    Opcode(0, "nop", NONE, "", "", "do nothing"),
    Opcode(1, "aconst_null", NONE, "", "A", "push null"),
    Opcode(2, "iconst_m1", NONE, "", "I", "push int -1", "iconst_<i>"),
    Opcode(3, "iconst_0", NONE, "", "I", "push int 0", "iconst_<i>"),
    Opcode(4, "iconst_1", NONE, "", "I", "push int 1", "iconst_<i>"),
    Opcode(5, "iconst_2", NONE, "", "I", "push int 2", "iconst_<i>"),
    Opcode(6, "iconst_3", NONE, "", "I", "push int 3", "iconst_<i>"),
    Opcode(7, "iconst_4", NONE, "", "I", "push int 4", "iconst_<i>"),
    Opcode(8, "iconst_5", NONE, "", "I", "push int 5", "iconst_<i>"),
    Opcode(9, "lconst_0", NONE, "", "J", "push long 0", "lconst_<l>"),
    Opcode(10, "lconst_1", NONE, "", "J", "push long 1", "lconst_<l>"),
    Opcode(11, "fconst_0", NONE, "", "F", "push float 0.0", "fconst_<f>"),
    Opcode(12, "fconst_1", NONE, "", "F", "push float 1.0", "fconst_<f>"),
    Opcode(13, "fconst_2", NONE, "", "F", "push float 2.0", "fconst_<f>"),
    Opcode(14, "dconst_0", NONE, "", "D", "push double 0.0", "dconst_<d>"),
    Opcode(15, "dconst_1", NONE, "", "D", "push double 1.0", "dconst_<d>"),
    Opcode(16, "bipush", BYTE, "", "I", "push a signed byte as int"),
    Opcode(17, "sipush", SHORT, "", "I", "push a signed short as int"),
    Opcode(18, "ldc", POOL_U1, "", "X", "push a one-slot constant of the pool"),
    Opcode(19, "ldc_w", POOL, "", "X", "push a one-slot constant of the pool (wide index)"),
    Opcode(20, "ldc2_w", POOL, "", "Y", "push a long or double (or two-slot dynamic) constant"),
    Opcode(21, "iload", LOCAL, "", "I", "push the int in a local variable"),
    Opcode(22, "lload", LOCAL, "", "J", "push the long in a local variable"),
    Opcode(23, "fload", LOCAL, "", "F", "push the float in a local variable"),
    Opcode(24, "dload", LOCAL, "", "D", "push the double in a local variable"),
    Opcode(25, "aload", LOCAL, "", "A", "push the reference in a local variable"),
    Opcode(26, "iload_0", NONE, "", "I", "push the int in local variable 0", "iload_<n>"),
    Opcode(27, "iload_1", NONE, "", "I", "push the int in local variable 1", "iload_<n>"),
    Opcode(28, "iload_2", NONE, "", "I", "push the int in local variable 2", "iload_<n>"),
    Opcode(29, "iload_3", NONE, "", "I", "push the int in local variable 3", "iload_<n>"),
    Opcode(30, "lload_0", NONE, "", "J", "push the long in local variable 0", "lload_<n>"),
    Opcode(31, "lload_1", NONE, "", "J", "push the long in local variable 1", "lload_<n>"),
    Opcode(32, "lload_2", NONE, "", "J", "push the long in local variable 2", "lload_<n>"),
    Opcode(33, "lload_3", NONE, "", "J", "push the long in local variable 3", "lload_<n>"),
    Opcode(34, "fload_0", NONE, "", "F", "push the float in local variable 0", "fload_<n>"),
    Opcode(35, "fload_1", NONE, "", "F", "push the float in local variable 1", "fload_<n>"),
    Opcode(36, "fload_2", NONE, "", "F", "push the float in local variable 2", "fload_<n>"),
    Opcode(37, "fload_3", NONE, "", "F", "push the float in local variable 3", "fload_<n>"),
    Opcode(38, "dload_0", NONE, "", "D", "push the double in local variable 0", "dload_<n>"),
    Opcode(39, "dload_1", NONE, "", "D", "push the double in local variable 1", "dload_<n>"),
    Opcode(40, "dload_2", NONE, "", "D", "push the double in local variable 2", "dload_<n>"),
    Opcode(41, "dload_3", NONE, "", "D", "push the double in local variable 3", "dload_<n>"),
    Opcode(42, "aload_0", NONE, "", "A", "push the reference in local variable 0", "aload_<n>"),
    Opcode(43, "aload_1", NONE, "", "A", "push the reference in local variable 1", "aload_<n>"),
    Opcode(44, "aload_2", NONE, "", "A", "push the reference in local variable 2", "aload_<n>"),
    Opcode(45, "aload_3", NONE, "", "A", "push the reference in local variable 3", "aload_<n>"),
    Opcode(46, "iaload", NONE, "AI", "I", "push an element of a int array"),
    Opcode(47, "laload", NONE, "AI", "J", "push an element of a long array"),
    Opcode(48, "faload", NONE, "AI", "F", "push an element of a float array"),
    Opcode(49, "daload", NONE, "AI", "D", "push an element of a double array"),
    Opcode(50, "aaload", NONE, "AI", "A", "push an element of a reference array"),
    Opcode(51, "baload", NONE, "AI", "I", "push an element of a byte or boolean array"),
    Opcode(52, "caload", NONE, "AI", "I", "push an element of a char array"),
    Opcode(53, "saload", NONE, "AI", "I", "push an element of a short array"),
    Opcode(54, "istore", LOCAL, "I", "", "pop a int into a local variable"),
    Opcode(55, "lstore", LOCAL, "J", "", "pop a long into a local variable"),
    Opcode(56, "fstore", LOCAL, "F", "", "pop a float into a local variable"),
    Opcode(57, "dstore", LOCAL, "D", "", "pop a double into a local variable"),
    Opcode(58, "astore", LOCAL, "A", "", "pop a reference or return address into a local variable"),
    Opcode(59, "istore_0", NONE, "I", "", "pop a int into local variable 0", "istore_<n>"),
    Opcode(60, "istore_1", NONE, "I", "", "pop a int into local variable 1", "istore_<n>"),
    Opcode(61, "istore_2", NONE, "I", "", "pop a int into local variable 2", "istore_<n>"),
    Opcode(62, "istore_3", NONE, "I", "", "pop a int into local variable 3", "istore_<n>"),
    Opcode(63, "lstore_0", NONE, "J", "", "pop a long into local variable 0", "lstore_<n>"),
    Opcode(64, "lstore_1", NONE, "J", "", "pop a long into local variable 1", "lstore_<n>"),
    Opcode(65, "lstore_2", NONE, "J", "", "pop a long into local variable 2", "lstore_<n>"),
    Opcode(66, "lstore_3", NONE, "J", "", "pop a long into local variable 3", "lstore_<n>"),
    Opcode(67, "fstore_0", NONE, "F", "", "pop a float into local variable 0", "fstore_<n>"),
    Opcode(68, "fstore_1", NONE, "F", "", "pop a float into local variable 1", "fstore_<n>"),
    Opcode(69, "fstore_2", NONE, "F", "", "pop a float into local variable 2", "fstore_<n>"),
    Opcode(70, "fstore_3", NONE, "F", "", "pop a float into local variable 3", "fstore_<n>"),
    Opcode(71, "dstore_0", NONE, "D", "", "pop a double into local variable 0", "dstore_<n>"),
    Opcode(72, "dstore_1", NONE, "D", "", "pop a double into local variable 1", "dstore_<n>"),
    Opcode(73, "dstore_2", NONE, "D", "", "pop a double into local variable 2", "dstore_<n>"),
    Opcode(74, "dstore_3", NONE, "D", "", "pop a double into local variable 3", "dstore_<n>"),
    Opcode(75, "astore_0", NONE, "A", "", "pop a reference or return address into local variable 0", "astore_<n>"),
    Opcode(76, "astore_1", NONE, "A", "", "pop a reference or return address into local variable 1", "astore_<n>"),
    Opcode(77, "astore_2", NONE, "A", "", "pop a reference or return address into local variable 2", "astore_<n>"),
    Opcode(78, "astore_3", NONE, "A", "", "pop a reference or return address into local variable 3", "astore_<n>"),
    Opcode(79, "iastore", NONE, "AII", "", "pop a value into an element of a int array"),
    Opcode(80, "lastore", NONE, "AIJ", "", "pop a value into an element of a long array"),
    Opcode(81, "fastore", NONE, "AIF", "", "pop a value into an element of a float array"),
    Opcode(82, "dastore", NONE, "AID", "", "pop a value into an element of a double array"),
    Opcode(83, "aastore", NONE, "AIA", "", "pop a value into an element of a reference array"),
    Opcode(84, "bastore", NONE, "AII", "", "pop a value into an element of a byte or boolean array"),
    Opcode(85, "castore", NONE, "AII", "", "pop a value into an element of a char array"),
    Opcode(86, "sastore", NONE, "AII", "", "pop a value into an element of a short array"),
    Opcode(87, "pop", NONE, "X", "", "drop one slot"),
    Opcode(88, "pop2", NONE, "XX", "", "drop two slots"),
    Opcode(89, "dup", NONE, "X", "XX", "duplicate the top slot"),
    Opcode(90, "dup_x1", NONE, "XX", "XXX", "duplicate the top slot below the second"),
    Opcode(91, "dup_x2", NONE, "XXX", "XXXX", "duplicate the top slot below the third"),
    Opcode(92, "dup2", NONE, "XX", "XXXX", "duplicate the top two slots"),
    Opcode(93, "dup2_x1", NONE, "XXX", "XXXXX", "duplicate the top two slots below the third"),
    Opcode(94, "dup2_x2", NONE, "XXXX", "XXXXXX", "duplicate the top two slots below the fourth"),
    Opcode(95, "swap", NONE, "XX", "XX", "exchange the top two slots"),
    Opcode(96, "iadd", NONE, "II", "I", "int sum"),
    Opcode(97, "ladd", NONE, "JJ", "J", "long sum"),
    Opcode(98, "fadd", NONE, "FF", "F", "float sum"),
    Opcode(99, "dadd", NONE, "DD", "D", "double sum"),
    Opcode(100, "isub", NONE, "II", "I", "int difference"),
    Opcode(101, "lsub", NONE, "JJ", "J", "long difference"),
    Opcode(102, "fsub", NONE, "FF", "F", "float difference"),
    Opcode(103, "dsub", NONE, "DD", "D", "double difference"),
    Opcode(104, "imul", NONE, "II", "I", "int product"),
    Opcode(105, "lmul", NONE, "JJ", "J", "long product"),
    Opcode(106, "fmul", NONE, "FF", "F", "float product"),
    Opcode(107, "dmul", NONE, "DD", "D", "double product"),
    Opcode(108, "idiv", NONE, "II", "I", "int quotient"),
    Opcode(109, "ldiv", NONE, "JJ", "J", "long quotient"),
    Opcode(110, "fdiv", NONE, "FF", "F", "float quotient"),
    Opcode(111, "ddiv", NONE, "DD", "D", "double quotient"),
    Opcode(112, "irem", NONE, "II", "I", "int remainder"),
    Opcode(113, "lrem", NONE, "JJ", "J", "long remainder"),
    Opcode(114, "frem", NONE, "FF", "F", "float remainder"),
    Opcode(115, "drem", NONE, "DD", "D", "double remainder"),
    Opcode(116, "ineg", NONE, "I", "I", "int negation"),
    Opcode(117, "lneg", NONE, "J", "J", "long negation"),
    Opcode(118, "fneg", NONE, "F", "F", "float negation"),
    Opcode(119, "dneg", NONE, "D", "D", "double negation"),
    Opcode(120, "ishl", NONE, "II", "I", "int shift left"),
    Opcode(121, "lshl", NONE, "JI", "J", "long shift left"),
    Opcode(122, "ishr", NONE, "II", "I", "int arithmetic shift right"),
    Opcode(123, "lshr", NONE, "JI", "J", "long arithmetic shift right"),
    Opcode(124, "iushr", NONE, "II", "I", "int logical shift right"),
    Opcode(125, "lushr", NONE, "JI", "J", "long logical shift right"),
    Opcode(126, "iand", NONE, "II", "I", "int bitwise and"),
    Opcode(127, "land", NONE, "JJ", "J", "long bitwise and"),
    Opcode(128, "ior", NONE, "II", "I", "int bitwise or"),
    Opcode(129, "lor", NONE, "JJ", "J", "long bitwise or"),
    Opcode(130, "ixor", NONE, "II", "I", "int bitwise exclusive or"),
    Opcode(131, "lxor", NONE, "JJ", "J", "long bitwise exclusive or"),
    Opcode(132, "iinc", IINC, "", "", "add a constant to an int local variable"),
    Opcode(133, "i2l", NONE, "I", "J", "convert int to long"),
    Opcode(134, "i2f", NONE, "I", "F", "convert int to float"),
    Opcode(135, "i2d", NONE, "I", "D", "convert int to double"),
    Opcode(136, "l2i", NONE, "J", "I", "convert long to int"),
    Opcode(137, "l2f", NONE, "J", "F", "convert long to float"),
    Opcode(138, "l2d", NONE, "J", "D", "convert long to double"),
    Opcode(139, "f2i", NONE, "F", "I", "convert float to int"),
    Opcode(140, "f2l", NONE, "F", "J", "convert float to long"),
    Opcode(141, "f2d", NONE, "F", "D", "convert float to double"),
    Opcode(142, "d2i", NONE, "D", "I", "convert double to int"),
    Opcode(143, "d2l", NONE, "D", "J", "convert double to long"),
    Opcode(144, "d2f", NONE, "D", "F", "convert double to float"),
    Opcode(145, "i2b", NONE, "I", "I", "truncate int to byte"),
    Opcode(146, "i2c", NONE, "I", "I", "truncate int to char"),
    Opcode(147, "i2s", NONE, "I", "I", "truncate int to short"),
    Opcode(148, "lcmp", NONE, "JJ", "I", "compare longs: -1, 0 or 1"),
    Opcode(149, "fcmpl", NONE, "FF", "I", "compare floats, -1 if unordered", "fcmp<op>"),
    Opcode(150, "fcmpg", NONE, "FF", "I", "compare floats, 1 if unordered", "fcmp<op>"),
    Opcode(151, "dcmpl", NONE, "DD", "I", "compare doubles, -1 if unordered", "dcmp<op>"),
    Opcode(152, "dcmpg", NONE, "DD", "I", "compare doubles, 1 if unordered", "dcmp<op>"),
    Opcode(153, "ifeq", BRANCH, "I", "", "branch if int == 0", "if<cond>"),
    Opcode(154, "ifne", BRANCH, "I", "", "branch if int != 0", "if<cond>"),
    Opcode(155, "iflt", BRANCH, "I", "", "branch if int < 0", "if<cond>"),
    Opcode(156, "ifge", BRANCH, "I", "", "branch if int >= 0", "if<cond>"),
    Opcode(157, "ifgt", BRANCH, "I", "", "branch if int > 0", "if<cond>"),
    Opcode(158, "ifle", BRANCH, "I", "", "branch if int <= 0", "if<cond>"),
    Opcode(159, "if_icmpeq", BRANCH, "II", "", "branch if int == int", "if_icmp<cond>"),
    Opcode(160, "if_icmpne", BRANCH, "II", "", "branch if int != int", "if_icmp<cond>"),
    Opcode(161, "if_icmplt", BRANCH, "II", "", "branch if int < int", "if_icmp<cond>"),
    Opcode(162, "if_icmpge", BRANCH, "II", "", "branch if int >= int", "if_icmp<cond>"),
    Opcode(163, "if_icmpgt", BRANCH, "II", "", "branch if int > int", "if_icmp<cond>"),
    Opcode(164, "if_icmple", BRANCH, "II", "", "branch if int <= int", "if_icmp<cond>"),
    Opcode(165, "if_acmpeq", BRANCH, "AA", "", "branch if reference == reference", "if_acmp<cond>"),
    Opcode(166, "if_acmpne", BRANCH, "AA", "", "branch if reference != reference", "if_acmp<cond>"),
    Opcode(167, "goto", BRANCH, "", "", "branch always"),
    Opcode(168, "jsr", BRANCH, "", "R", "push the return address and branch (before version 51)"),
    Opcode(169, "ret", LOCAL, "", "", "continue at the return address in a local variable (before version 51)"),
    Opcode(170, "tableswitch", TABLESWITCH, "I", "", "branch through a table indexed by int"),
    Opcode(171, "lookupswitch", LOOKUPSWITCH, "I", "", "branch through a sorted list of int keys"),
    Opcode(172, "ireturn", NONE, "I", "", "return an int"),
    Opcode(173, "lreturn", NONE, "J", "", "return a long"),
    Opcode(174, "freturn", NONE, "F", "", "return a float"),
    Opcode(175, "dreturn", NONE, "D", "", "return a double"),
    Opcode(176, "areturn", NONE, "A", "", "return a reference"),
    Opcode(177, "return", NONE, "", "", "return void"),
    Opcode(178, "getstatic", POOL, "", "*", "push a static field"),
    Opcode(179, "putstatic", POOL, "*", "", "pop into a static field"),
    Opcode(180, "getfield", POOL, "A", "*", "push a field of an object"),
    Opcode(181, "putfield", POOL, "A*", "", "pop into a field of an object"),
    Opcode(182, "invokevirtual", POOL, "A*", "*", "call an instance method, selected by class"),
    Opcode(183, "invokespecial", POOL, "A*", "*", "call a constructor, private or super method, without selection"),
    Opcode(184, "invokestatic", POOL, "*", "*", "call a static method"),
    Opcode(185, "invokeinterface", INVOKEINTERFACE, "A*", "*", "call an interface method, selected by class"),
    Opcode(186, "invokedynamic", INVOKEDYNAMIC, "*", "*", "call the target of a dynamically computed call site"),
    Opcode(187, "new", POOL, "", "A", "create an object, not yet initialized"),
    Opcode(188, "newarray", NEWARRAY, "I", "A", "create an array of a primitive type"),
    Opcode(189, "anewarray", POOL, "I", "A", "create an array of references"),
    Opcode(190, "arraylength", NONE, "A", "I", "push the length of an array"),
    Opcode(191, "athrow", NONE, "A", "", "throw an exception"),
    Opcode(192, "checkcast", POOL, "A", "A", "check that a reference has a type, or throw"),
    Opcode(193, "instanceof", POOL, "A", "I", "push 1 if a non-null reference has a type, else 0"),
    Opcode(194, "monitorenter", NONE, "A", "", "enter the monitor of an object"),
    Opcode(195, "monitorexit", NONE, "A", "", "leave the monitor of an object"),
    Opcode(196, "wide", WIDE, "*", "*", "give the next instruction a two-byte local index"),
    Opcode(197, "multianewarray", MULTIANEWARRAY, "*", "A", "create an array of arrays"),
    Opcode(198, "ifnull", BRANCH, "A", "", "branch if null"),
    Opcode(199, "ifnonnull", BRANCH, "A", "", "branch if not null"),
    Opcode(200, "goto_w", BRANCH_W, "", "", "branch always (four-byte offset)"),
    Opcode(201, "jsr_w", BRANCH_W, "", "R", "push the return address and branch (four-byte offset)"),
)

# What the interpreter rewrites instructions to once they are resolved (jvm/interpreter/quicken.pyx).
# They exist only in the writable code of prepared methods; each keeps the length of the instruction
# that it replaces, but for the fused ones, which replace the first of two and do the work of both.
# "pool" rows keep the constant-pool index and find the resolved entry there.
INTERNAL: Final[tuple[Opcode, ...]] = (
    Opcode(203, "q_getfield_byte", OFFSET, "A", "I", "push a byte or boolean field", "getfield"),
    Opcode(204, "q_getfield_char", OFFSET, "A", "I", "push a char field", "getfield"),
    Opcode(205, "q_getfield_short", OFFSET, "A", "I", "push a short field", "getfield"),
    Opcode(206, "q_getfield_int", OFFSET, "A", "X", "push an int or float field", "getfield"),
    Opcode(207, "q_getfield_long", OFFSET, "A", "Y", "push a long or double field", "getfield"),
    Opcode(208, "q_getfield_ref", OFFSET, "A", "A", "push a reference field", "getfield"),
    Opcode(209, "q_getfield_pool", POOL, "A", "*", "push a field far into the object", "getfield"),
    Opcode(210, "q_putfield_boolean", OFFSET, "AI", "", "pop into a boolean field", "putfield"),
    Opcode(211, "q_putfield_byte", OFFSET, "AI", "", "pop into a byte field", "putfield"),
    Opcode(212, "q_putfield_short", OFFSET, "AI", "", "pop into a char or short field", "putfield"),
    Opcode(213, "q_putfield_int", OFFSET, "AX", "", "pop into an int or float field", "putfield"),
    Opcode(214, "q_putfield_long", OFFSET, "AY", "", "pop into a long or double field", "putfield"),
    Opcode(215, "q_putfield_ref", OFFSET, "AA", "", "pop into a reference field", "putfield"),
    Opcode(216, "q_putfield_pool", POOL, "A*", "", "pop into a volatile field or one far into the object", "putfield"),
    Opcode(217, "q_getstatic_byte", POOL, "", "I", "push a static byte or boolean field", "getstatic"),
    Opcode(218, "q_getstatic_int", POOL, "", "X", "push a static int or float field", "getstatic"),
    Opcode(219, "q_getstatic_long", POOL, "", "Y", "push a static long or double field", "getstatic"),
    Opcode(220, "q_getstatic_ref", POOL, "", "A", "push a static reference field", "getstatic"),
    Opcode(221, "q_getstatic_pool", POOL, "", "*", "push a static field of any type", "getstatic"),
    Opcode(222, "q_putstatic_int", POOL, "X", "", "pop into a static int or float field", "putstatic"),
    Opcode(223, "q_putstatic_long", POOL, "Y", "", "pop into a static long or double field", "putstatic"),
    Opcode(224, "q_putstatic_ref", POOL, "A", "", "pop into a static reference field", "putstatic"),
    Opcode(225, "q_putstatic_pool", POOL, "*", "", "pop into a static field of any type", "putstatic"),
    Opcode(226, "q_invokevirtual", VIRTUAL, "A*", "*", "call the method in a small vtable index", "invokevirtual"),
    Opcode(227, "q_invokevirtual_pool", POOL, "A*", "*", "call the method in any vtable index", "invokevirtual"),
    Opcode(228, "q_invokedirect", POOL, "A*", "*", "call an instance method without selection", "invokespecial"),
    Opcode(229, "q_invokeempty", POOL, "A*", "", "check the receiver of a method whose body is empty", "invokespecial"),
    Opcode(230, "q_invokestatic", POOL, "*", "*", "call a static method of an initialised class", "invokestatic"),
    Opcode(231, "q_invokeinterface", INVOKEINTERFACE, "A*", "*",
           "call an interface method; the last byte remembers where the itable had it", "invokeinterface"),
    Opcode(232, "q_new", POOL, "", "A", "create an object of an initialised class", "new"),
    Opcode(233, "q_anewarray", POOL, "I", "A", "create an array of a resolved class", "anewarray"),
    Opcode(234, "q_checkcast", POOL, "A", "A", "check against a resolved class", "checkcast"),
    Opcode(235, "q_instanceof", POOL, "A", "I", "test against a resolved class", "instanceof"),
    Opcode(236, "q_ldc", POOL_U1, "", "X", "push a resolved one-slot constant", "ldc"),
    Opcode(237, "q_ldc_w", POOL, "", "X", "push a resolved one-slot constant (wide index)", "ldc_w"),
    Opcode(238, "q_ldc2_w", POOL, "", "Y", "push a two-slot constant", "ldc2_w"),
    Opcode(239, "q_ldc_class", POOL_U1, "", "A", "push the java.lang.Class of a resolved class", "ldc"),
    Opcode(240, "q_ldc_w_class", POOL, "", "A", "push the java.lang.Class of a resolved class (wide index)", "ldc_w"),
    Opcode(241, "q_this_getfield_byte", LOAD_OFFSET, "", "I", "aload_0, q_getfield_byte", "getfield"),
    Opcode(242, "q_this_getfield_int", LOAD_OFFSET, "", "X", "aload_0, q_getfield_int", "getfield"),
    Opcode(243, "q_this_getfield_long", LOAD_OFFSET, "", "Y", "aload_0, q_getfield_long", "getfield"),
    Opcode(244, "q_this_getfield_ref", LOAD_OFFSET, "", "A", "aload_0, q_getfield_ref", "getfield"),
    Opcode(245, "q_aload_0", NONE, "", "A", "aload_0 that is not followed by a field of this", "aload_<n>"),
    Opcode(246, "q_invokesuper", OFFSET, "A*", "*", "call a super class's method that the constant pool does not name",
           "invokespecial"),
    Opcode(247, "q_invokemiranda", POOL, "A*", "*", "call an interface's method that a class inherits, through its itable",
           "invokevirtual"),
    Opcode(248, "q_invokedynamic", INVOKEDYNAMIC, "*", "*", "call the target of a linked call site", "invokedynamic"),
    Opcode(249, "q_invokehandle", POOL, "A*", "*", "call what a method or variable handle's call site is linked to",
           "invokevirtual"),
    Opcode(250, "q_invokebasic", POOL, "A*", "*", "call the entry of a method handle's lambda form", "invokevirtual"),
    Opcode(251, "q_linkto", POOL, "*", "*", "call the method of the MemberName on top of the stack", "invokestatic"),
)

# Reserved by JVMS §6.2; never valid in a class file.
RESERVED: Final[dict[str, int]] = {"breakpoint": 202, "impdep1": 254, "impdep2": 255}

BY_MNEMONIC: Final[dict[str, Opcode]] = {opcode.mnemonic: opcode for opcode in OPCODES}
BY_NUMBER: Final[dict[int, Opcode]] = {opcode.number: opcode for opcode in OPCODES}
INTERNAL_BY_NUMBER: Final[dict[int, Opcode]] = {opcode.number: opcode for opcode in INTERNAL}

_GENERATED: Final = "Generated by demitasse.jvm.model.opcodes (jvm/model/opcodes.py). Do not edit."


def render_opcodes_pxd(tables_header: str | None = None) -> str:
    """The text of a Cython `.pxd` with `enum Opcode` and `enum ArrayTypeCode`.

    With `tables_header`, the name of the header that `render_opcode_tables_h` fills, the tables
    of that header are declared as well.
    """
    lines = [f"# {_GENERATED}", "", "cdef enum Opcode:"]
    lines += [f"    {op.symbol} = {op.number}  # {op.meaning}" for op in OPCODES]
    lines += [f"    {op.symbol} = {op.number}  # internal: {op.meaning}" for op in INTERNAL]
    lines += [f"    OP_{name.upper()} = {number}  # reserved" for name, number in RESERVED.items()]
    lines += ["", "cdef enum ArrayTypeCode:"]
    lines += [f"    ARRAY_{name.upper()} = {code}" for code, name in NEWARRAY_TYPES.items()]
    if tables_header is not None:
        lines += ["", f'cdef extern from "{tables_header}" nogil:']
        lines += [f"    const signed char[256] {name}" for name in opcode_tables()]
    return "\n".join(lines) + "\n"


def opcode_tables() -> dict[str, list[int]]:
    """Tables indexed by opcode number, 256 entries each, by the name they have in the guest.

    Internal opcodes are included.  Unused opcodes have length -1 and effects of 0; an effect of -1 depends on a descriptor.
    `opcode_instructions` tells how many of the class file's instructions one does.
    """
    lengths, pops, pushes, instructions = [-1] * 256, [0] * 256, [0] * 256, [1] * 256
    for op in OPCODES + INTERNAL:
        lengths[op.number] = op.length
        pops[op.number] = op.pop_slots
        pushes[op.number] = op.push_slots
        instructions[op.number] = 2 if op.operands in (LOAD_OFFSET, LOCAL_LOCAL) else 1
    return {"opcode_length": lengths, "opcode_pops": pops, "opcode_pushes": pushes, "opcode_instructions": instructions}


def render_initialiser(values: list[int], per_line: int = 16) -> str:
    """A C initialiser `{ ... }` for a table, `per_line` values to a line."""
    rows = [values[i : i + per_line] for i in range(0, len(values), per_line)]
    body = "\n".join("    " + " ".join(f"{value:3d}," for value in row) for row in rows)
    return "{\n" + body + "\n}"


def render_opcode_tables_h() -> str:
    """A C header with the tables of `opcode_tables`, for guest modules to read as constants."""
    parts = [f"/* {_GENERATED} */", "#pragma once"]
    for name, values in opcode_tables().items():
        parts.append(f"static const signed char {name}[256] = {render_initialiser(values)};")
    return "\n\n".join(parts) + "\n"
