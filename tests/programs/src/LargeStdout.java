/* Exercises: a megabyte of output in lines, single characters and blocks. */
public class LargeStdout {
    public static void main(String[] args) {
        for (int i = 0; i < 10000; i++) System.out.println("line " + i + ": the quick brown fox jumps over the lazy dog");
        char[] block = new char[10000];
        for (int i = 0; i < block.length; i++) block[i] = (char) (i % 80 == 79 ? '\n' : 'a' + i % 26);
        for (int i = 0; i < 43; i++) System.out.print(block);
        for (int i = 0; i < 3000; i++) System.out.print((char) ('0' + i % 10));
        System.out.println();
        StringBuilder wide = new StringBuilder();
        for (int i = 0; i < 5000; i++) wide.append("é☕");
        System.out.println(wide);
    }
}
