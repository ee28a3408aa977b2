/* Exercises: StringBuilder and StringBuffer: append of every type, insert, delete, replace, reverse,
 * growth, Latin-1 to UTF-16 inflation, exceptions (java.lang.AbstractStringBuilder). */
public class StringBuilders {
    interface Attempt { Object run(StringBuilder b); }

    static void attempt(Attempt a) {
        StringBuilder b = new StringBuilder("abcdef");
        try {
            System.out.println(a.run(b) + " " + b);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage() + " " + b);
        }
    }

    public static void main(String[] args) {
        StringBuilder b = new StringBuilder();
        b.append(1).append(' ').append(-5L).append(' ').append(1.5f).append(' ').append(-0.0).append(' ').append(true).append('c').append("s").append((String) null)
            .append((Object) null).append(new char[] {'x', 'y'}).append(new char[] {'1', '2', '3'}, 1, 1).append("subsequence", 3, 6).append(new StringBuilder("sb"))
            .appendCodePoint(0x1F600).append(Integer.MIN_VALUE).append(Long.MIN_VALUE);
        System.out.println(b + " " + b.length());
        b.setLength(5);
        b.insert(0, "start ").insert(3, 42).insert(b.length(), 'e').insert(1, 2.5).insert(0, new char[] {'<'}).insert(2, true).insert(4, (Object) null);
        System.out.println(b);
        b.delete(0, 4).deleteCharAt(0).replace(2, 5, "REPLACED").setCharAt(1, '_');
        System.out.println(b + " " + b.indexOf("E") + " " + b.lastIndexOf("E") + " " + b.indexOf("zz") + " " + b.indexOf("E", 5));
        System.out.println(new StringBuilder("reverse").reverse() + " " + new StringBuilder("a\uD83D\uDE00b\uDE00").reverse().codePointAt(2) + " " + new StringBuilder("é☕").reverse());
        System.out.println(b.charAt(2) + " " + b.substring(3) + " " + b.substring(1, 4) + " " + b.subSequence(0, 2) + " " + b.isEmpty());
        StringBuilder inflate = new StringBuilder("latin");
        for (int i = 0; i < 40; i++) inflate.append((char) (200 + i * 3));
        inflate.insert(3, '\u2615').setCharAt(0, '\u0416');
        System.out.println(inflate + " " + inflate.length());
        inflate.setLength(3);
        inflate.append("back to latin").deleteCharAt(0);
        System.out.println(inflate + " " + inflate.compareTo(new StringBuilder("at")) + " " + inflate.equals(inflate) + " " + inflate.toString().equals("atback to latin"));
        StringBuilder padded = new StringBuilder("ab");
        padded.setLength(4);
        System.out.println(padded.toString().replace('\0', '.') + " " + new StringBuilder(100).capacity() + " " + new StringBuilder("abc").capacity());
        padded.trimToSize();
        padded.ensureCapacity(50);
        System.out.println(padded.capacity() >= 50);
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.charAt(6); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.deleteCharAt(6); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.delete(2, 99); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.delete(4, 2); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.insert(7, "x"); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.insert(-1, 5); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { s.setLength(-1); return s; } });
        attempt(new Attempt() { public Object run(StringBuilder s) { s.setCharAt(-1, 'x'); return s; } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.replace(7, 8, "x"); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.replace(5, 80, "xyz"); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.substring(3, 9); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { return s.append("xyz", 2, 5); } });
        attempt(new Attempt() { public Object run(StringBuilder s) { s.getChars(0, 4, new char[2], 0); return s; } });
        StringBuffer buffer = new StringBuffer("buffer");
        buffer.append(1).insert(0, 'x').reverse().append(buffer);
        System.out.println(buffer + " " + buffer.length());
        StringBuilder big = new StringBuilder();
        int hash = 0;
        for (int i = 0; i < 20000; i++) big.append(i).append(i % 7 == 0 ? "," : "");
        for (int i = 0; i < big.length(); i += 17) hash = hash * 31 + big.charAt(i);
        System.out.println(big.length() + " " + hash + " " + big.toString().hashCode());
        while (big.length() > 1000) big.delete(100, 100 + big.length() / 3);
        System.out.println(big.length() + " " + big.toString().hashCode() + " " + new StringBuilder().append("x").repeat("ab", 3).repeat('!', 2));
    }
}
