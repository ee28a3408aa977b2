/* Exercises: seeded Random, StringTokenizer, BigInteger, StringJoiner, Optional without functions,
 * readers, writers and streams in memory (java.util, java.math, java.io). */
import java.io.*;
import java.math.BigInteger;
import java.util.*;

public class LibraryOddments {
    static void random() {
        Random r = new Random(42);
        for (int i = 0; i < 6; i++) System.out.print(r.nextInt() + " " + r.nextInt(100) + " " + r.nextLong() + " " + r.nextBoolean() + " " + r.nextDouble() + " " + r.nextFloat() + "; ");
        System.out.println(r.nextGaussian() + " " + r.nextInt(1 << 20) + " " + r.nextInt(5, 9));
        byte[] bytes = new byte[11];
        new Random(-1).nextBytes(bytes);
        System.out.println(Arrays.toString(bytes));
        List<Integer> cards = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) cards.add(i);
        Collections.shuffle(cards, new Random(7));
        System.out.println(cards);
        try {
            r.nextInt(0);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    static void big() {
        BigInteger factorial = BigInteger.ONE;
        for (int i = 2; i <= 60; i++) factorial = factorial.multiply(BigInteger.valueOf(i));
        System.out.println(factorial + " " + factorial.bitLength() + " " + factorial.getLowestSetBit());
        BigInteger a = new BigInteger("123456789012345678901234567890"), b = new BigInteger("-987654321098765432109876543210");
        System.out.println(a.add(b) + " " + a.subtract(b) + " " + a.multiply(b) + " " + b.divide(a) + " " + b.mod(a) + " " + b.remainder(a) + " " + a.gcd(b) + " " + a.compareTo(b) + " " + b.signum());
        System.out.println(BigInteger.TWO.pow(200) + " " + a.modPow(new BigInteger("65537"), new BigInteger("1000000007")) + " " + BigInteger.valueOf(3).modInverse(BigInteger.valueOf(11)));
        System.out.println(a.toString(16) + " " + new BigInteger("zz", 36) + " " + a.shiftLeft(70).shiftRight(75) + " " + a.and(b) + " " + a.xor(b) + " " + a.not() + " " + a.testBit(3) + " " + a.sqrt());
        System.out.println(a.intValue() + " " + a.longValue() + " " + a.doubleValue() + " " + a.hashCode() + " " + a.equals(new BigInteger(a.toByteArray())) + " " + new BigInteger("97").isProbablePrime(20));
        BigInteger x = BigInteger.ZERO, y = BigInteger.ONE;
        for (int i = 0; i < 500; i++) {
            BigInteger t = x.add(y);
            x = y;
            y = t;
        }
        System.out.println(x);
        try {
            a.divide(BigInteger.ZERO);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        try {
            new BigInteger("12x");
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
    }

    static void streams() throws IOException {
        BufferedReader reader = new BufferedReader(new StringReader("one\ntwo\r\nthree\rfour\n\nsix"));
        for (String line; (line = reader.readLine()) != null;) System.out.print("<" + line + ">");
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text, true);
        writer.println(5);
        writer.print("x");
        writer.print(2.5);
        writer.flush();
        System.out.println(text.toString().replace('\n', '|'));
        PushbackReader push = new PushbackReader(new StringReader("ab"));
        int c = push.read();
        push.unread('z');
        System.out.println((char) c + "" + (char) push.read() + (char) push.read() + push.read());
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        Writer utf8 = new OutputStreamWriter(encoded, "UTF-8");
        utf8.write("☕é");
        utf8.close();
        Reader decoder = new InputStreamReader(new ByteArrayInputStream(encoded.toByteArray()), "UTF-8");
        System.out.println(encoded.size() + " " + (char) decoder.read() + (char) decoder.read() + decoder.read());
        PrintStream captured = new PrintStream(new ByteArrayOutputStream(), true);
        PrintStream console = System.out;
        System.setOut(captured);
        System.out.println("goes nowhere");
        System.setOut(console);
        System.out.println("back " + captured.checkError());
    }

    public static void main(String[] args) throws IOException {
        random();
        big();
        streams();
        StringTokenizer tokens = new StringTokenizer("a b,c;;d", " ,;", false);
        System.out.print(tokens.countTokens() + ":");
        while (tokens.hasMoreTokens()) System.out.print(" [" + tokens.nextToken() + "]");
        tokens = new StringTokenizer("1+2*3", "+*", true);
        while (tokens.hasMoreElements()) System.out.print(" {" + tokens.nextElement() + "}");
        System.out.println();
        StringJoiner joiner = new StringJoiner(", ", "[", "]");
        joiner.setEmptyValue("nothing");
        System.out.print(joiner + " ");
        System.out.println(joiner.add("a").add("b") + " " + joiner.length());
        System.out.println(Optional.of(5) + " " + Optional.empty().isPresent() + " " + Optional.ofNullable((String) null).orElse("else") + " " + OptionalInt.of(3).getAsInt());
        byte[] packed = Base64.getEncoder().encode("demitasse".getBytes());
        System.out.println(new String(packed) + " " + new String(Base64.getDecoder().decode(packed)));
    }
}
