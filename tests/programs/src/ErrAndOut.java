/* Exercises: both output streams, print of every type, flushing without a newline, write of bytes. */
import java.io.IOException;

public class ErrAndOut {
    public static void main(String[] args) throws IOException {
        for (int i = 0; i < 5; i++) {
            System.out.println("out " + i);
            System.err.println("err " + i);
        }
        System.out.print(true);
        System.out.print('c');
        System.out.print(1);
        System.out.print(-2L);
        System.out.print(1.5f);
        System.out.print(2.5);
        System.out.print(new char[] {'x', 'y'});
        System.out.print("s");
        System.out.print((String) null);
        System.out.print((Object) null);
        System.out.println();
        System.out.println(true);
        System.out.println('c');
        System.out.println(1);
        System.out.println(-2L);
        System.out.println(1.5f);
        System.out.println(2.5);
        System.out.println(new char[] {'x', 'y'});
        System.out.println((Object) null);
        System.out.write('w');
        System.out.write(new byte[] {'b', 'y', 't', 'e', '\n'});
        System.out.write(new byte[] {'-', 'x', '\n', '-'}, 1, 2);
        System.out.append("appended ").append('c').append("subsequence", 0, 3).append(null).println();
        System.out.println("tab\there \0 nul, é ☕ \uD83D\uDE00");
        System.err.println("é ☕ \uD83D\uDE00");
        System.err.print("no newline on err");
        System.out.print("no newline at the end");
        System.out.flush();
        System.out.println(System.out.checkError() ? " error" : "");
        System.out.print("last words");
    }
}
