/* Exercises: String to bytes and back in UTF-8, ISO-8859-1, US-ASCII and UTF-16, malformed input
 * (java.nio.charset; String.getBytes, new String(bytes, charset)). */
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

public class Encodings {
    static String hex(byte[] bytes) {
        StringBuilder s = new StringBuilder();
        for (byte b : bytes) s.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        return s.toString();
    }

    static String codes(String s) {
        StringBuilder t = new StringBuilder();
        for (int i = 0; i < s.length(); i++) t.append(i == 0 ? "" : " ").append(Integer.toHexString(s.charAt(i)));
        return t.toString();
    }

    static byte[] bytes(int... values) {
        byte[] b = new byte[values.length];
        for (int i = 0; i < b.length; i++) b[i] = (byte) values[i];
        return b;
    }

    public static void main(String[] args) throws UnsupportedEncodingException {
        Charset[] charsets = {StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.US_ASCII, StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE};
        String[] texts = {"", "ascii", "é", "naïve ☕", "\uD83D\uDE00", "\uD83D", "a\uDE00b", "\u0000\u007F\u0080\u07FF\u0800\uFFFF"};
        for (Charset c : charsets) {
            for (String text : texts) {
                byte[] encoded = text.getBytes(c);
                System.out.println(c.name() + " " + hex(encoded) + " " + new String(encoded, c).equals(text));
            }
        }
        byte[][] malformed = {
            bytes(0x80), bytes(0xC3), bytes(0xC3, 0x28), bytes(0xC0, 0x80), bytes(0xE2, 0x98), bytes(0xE2, 0x28, 0xA1), bytes(0xED, 0xA0, 0x80), bytes(0xF0, 0x9F, 0x98),
            bytes(0xF0, 0x9F, 0x98, 0x80, 0x41), bytes(0xF5, 0x80, 0x80, 0x80), bytes(0xFF, 0xFE), bytes(0x41, 0xC3, 0xA9, 0xFF, 0x42), bytes(0xF0, 0x80, 0x80, 0x80), bytes(0xE2, 0x98, 0x95),
        };
        for (byte[] b : malformed) {
            System.out.println(hex(b) + ": " + codes(new String(b, StandardCharsets.UTF_8)) + " | " + codes(new String(b, StandardCharsets.ISO_8859_1)) + " | "
                    + codes(new String(b, StandardCharsets.US_ASCII)) + " | " + codes(new String(b, StandardCharsets.UTF_16)));
        }
        System.out.println(new String("via name é".getBytes("UTF-8"), "utf8") + " " + hex("é".getBytes("latin1")) + " " + Charset.forName("UTF-8").equals(StandardCharsets.UTF_8));
        try {
            "x".getBytes("no-such-charset");
        } catch (UnsupportedEncodingException e) {
            System.out.println(e);
        }
        System.out.println(Charset.defaultCharset().name() + " " + new String(bytes('h', 'i', 0xC3, 0xA9)) + " " + new String(bytes(1, 2, 'o', 'k', 3), 2, 2, StandardCharsets.US_ASCII));
        StringBuilder long1 = new StringBuilder();
        for (int i = 0; i < 3000; i++) long1.appendCodePoint(i * 37 % 0xD000 + 1);
        String big = long1.toString();
        byte[] utf8 = big.getBytes(StandardCharsets.UTF_8);
        System.out.println(utf8.length + " " + java.util.Arrays.hashCode(utf8) + " " + new String(utf8, StandardCharsets.UTF_8).equals(big));
    }
}
