/* Exercises: Integer and Long to and from text in every radix, and their error messages
 * (Integer.toString/parseInt/decode/toUnsignedString, Long likewise, Short, Byte). */
public class IntegerText {
    static void parse(String text, int radix) {
        String asInt, asLong;
        try {
            asInt = Integer.toString(Integer.parseInt(text, radix));
        } catch (NumberFormatException e) {
            asInt = e.getMessage();
        }
        try {
            asLong = Long.toString(Long.parseLong(text, radix));
        } catch (NumberFormatException e) {
            asLong = e.getMessage();
        }
        System.out.println(asInt + " | " + asLong);
    }

    static void decode(String text) {
        try {
            System.out.println(text + " = " + Long.decode(text));
            System.out.println(text + " = " + Integer.decode(text));
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) {
        int[] ints = {0, 1, -1, 9, 10, 99, -100, 12345, -987654321, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int i : ints) {
            StringBuilder line = new StringBuilder();
            for (int radix : new int[] {2, 3, 8, 10, 16, 36, 99}) line.append(Integer.toString(i, radix)).append(' ');
            System.out.println(line.append(Integer.toHexString(i)).append(' ').append(Integer.toOctalString(i)).append(' ')
                    .append(Integer.toBinaryString(i)).append(' ').append(Integer.toUnsignedString(i)).append(' ').append(Integer.toUnsignedString(i, 7)));
        }
        long[] longs = {0, -1, 1L << 40, -123456789012345L, Long.MAX_VALUE, Long.MIN_VALUE};
        for (long l : longs) {
            System.out.println(l + " " + Long.toString(l, 2) + " " + Long.toString(l, 36) + " " + Long.toHexString(l) + " " + Long.toOctalString(l) + " "
                    + Long.toUnsignedString(l) + " " + Long.toUnsignedString(l, 5) + " " + Long.toBinaryString(l));
        }
        String[] texts = {"0", "-0", "+7", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775808", "", "-", "+", "12x", " 1", "1 ", "٣", "7fffffff"};
        for (String text : texts) {
            parse(text, 10);
            parse(text, 16);
        }
        parse("zz", 36);
        parse("102", 2);
        parse("1", 1);
        parse("1", 37);
        parse(null, 10);
        decode("0x7F");
        decode("-#ff");
        decode("010");
        decode("-0x80000000");
        decode("0x80000000");
        decode("0xg");
        System.out.println(Integer.parseUnsignedInt("4294967295") + " " + Long.parseUnsignedLong("18446744073709551615"));
        try {
            Integer.parseUnsignedInt("-1");
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
        try {
            Byte.parseByte("128");
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
        try {
            Short.parseShort("-32769");
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(Boolean.parseBoolean("TRUE") + " " + Boolean.parseBoolean("yes") + " " + Boolean.logicalXor(true, false));
        System.out.println(Integer.parseInt("xx-123yy", 2, 6, 10) + " " + Character.getNumericValue('z') + " " + Character.digit('f', 16) + " " + Character.forDigit(11, 16));
    }
}
