/* Exercises: characters beyond Latin-1: supplementary code points, lone surrogates, properties and case
 * of characters, printing in UTF-8 (java.lang.Character, Unicode data). */
public class Unicode {
    public static void main(String[] args) {
        String mixed = "aé☕\uD83D\uDE00z\uD835\uDD38\u0000";
        System.out.println(mixed.length() + " " + mixed.codePointCount(0, mixed.length()) + " " + mixed.hashCode());
        for (int i = 0; i < mixed.length(); i += Character.charCount(mixed.codePointAt(i))) {
            int c = mixed.codePointAt(i);
            System.out.println(Integer.toHexString(c) + " " + Character.isLetter(c) + Character.isSupplementaryCodePoint(c) + Character.isBmpCodePoint(c) + " " + Character.getType(c));
        }
        System.out.println(mixed.offsetByCodePoints(0, 4) + " " + mixed.codePointBefore(5) + " " + mixed.indexOf(0x1F600) + " " + new String(Character.toChars(0x1F980)));
        System.out.println("[" + "\uD83D" + "] [" + "\uDE00x" + "] lone surrogates print as a question mark");
        System.out.println(Character.isHighSurrogate('\uD83D') + " " + Character.isLowSurrogate('\uD83D') + " " + Character.toCodePoint('\uD83D', '\uDE00') + " "
                + Character.isSurrogatePair('\uD83D', '\uDE00') + " " + (int) Character.highSurrogate(0x1F600));
        int[] samples = {'A', 'z', '5', ' ', '\t', '_', '$', 0xE9, 0xDF, 0xB5, 0x130, 0x131, 0x1C5, 0x3A3, 0x410, 0x5D0, 0x661, 0x96F, 0xA0, 0x2003, 0x2028, 0x20AC, 0x3042, 0x4E00,
            0xAC00, 0xD800, 0xE000, 0xFEFF, 0xFFFF, 0x10400, 0x10428, 0x1D7D8, 0x1F600, 0x2F800, 0xE0001, 0x10FFFF};
        for (int c : samples) {
            StringBuilder line = new StringBuilder(Integer.toHexString(c)).append(' ');
            line.append(Character.isLetter(c) ? 'L' : '.').append(Character.isDigit(c) ? 'D' : '.').append(Character.isLetterOrDigit(c) ? 'A' : '.').append(Character.isUpperCase(c) ? 'U' : '.');
            line.append(Character.isLowerCase(c) ? 'l' : '.').append(Character.isTitleCase(c) ? 'T' : '.').append(Character.isWhitespace(c) ? 'W' : '.').append(Character.isSpaceChar(c) ? 'S' : '.');
            line.append(Character.isJavaIdentifierStart(c) ? 'J' : '.').append(Character.isUnicodeIdentifierPart(c) ? 'P' : '.').append(Character.isISOControl(c) ? 'C' : '.');
            line.append(Character.isIdeographic(c) ? 'I' : '.').append(Character.isMirrored(c) ? 'M' : '.').append(Character.isDefined(c) ? 'd' : '.');
            line.append(' ').append(Integer.toHexString(Character.toUpperCase(c))).append(' ').append(Integer.toHexString(Character.toLowerCase(c))).append(' ')
                .append(Integer.toHexString(Character.toTitleCase(c))).append(' ').append(Character.digit(c, 10)).append(' ').append(Character.getNumericValue(c)).append(' ')
                .append(Character.getType(c)).append(' ').append(Character.getDirectionality(c));
            System.out.println(line);
        }
        long hash = 0;
        for (int c = 0; c <= 0xFFFF; c++) hash = hash * 31 + Character.getType(c) + Character.toLowerCase(c) * 7L + Character.toUpperCase(c) * 3L;
        System.out.println("plane 0: " + hash);
        for (int c = 0x10000; c <= 0x10FFFF; c += 13) hash = hash * 31 + Character.getType(c) + (Character.isLetter(c) ? 1 : 0);
        System.out.println("beyond: " + hash);
        System.out.println("Grüße, мир, 世界, שלום, 🙂👍🏽, e\u0301, ﷺ, \u200B|");
        System.out.println("STRASSE".equalsIgnoreCase("straße") + " " + "\uD801\uDC00".toLowerCase().codePointAt(0) + " " + "ﬀ".toUpperCase());
        try {
            Character.toChars(0x110000);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(new StringBuilder().appendCodePoint('x').appendCodePoint(0x1D11E).length() + " " + new String(new int[] {0x1F600, 'a', 0x4E00}, 0, 3));
        int \u00e9t\u00e9 = 3, 变量 = 4;
        System.out.println(été + 变量);
    }
}
