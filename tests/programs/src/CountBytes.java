/* Exercises: standard input as bytes: single reads, blocks, skip, to the end of the stream. */
import java.io.IOException;
import java.io.InputStream;

public class CountBytes {
    public static void main(String[] args) throws IOException {
        InputStream in = System.in;
        int count = 0, lines = 0, hash = 7;
        for (int b; count < 1000 && (b = in.read()) >= 0; count++) {
            if (b == '\n') lines++;
            hash = hash * 31 + b;
        }
        System.out.println("single " + count + " " + lines + " " + hash);
        long skipped = in.skip(10);
        byte[] block = new byte[777];
        long total = 0;
        for (int n; (n = in.read(block, 7, 700)) >= 0;) {
            total += n;
            for (int i = 7; i < 7 + n; i++) {
                if (block[i] == '\n') lines++;
                hash = hash * 31 + (block[i] & 0xFF);
            }
        }
        System.out.println("blocks " + (total + skipped) + " " + lines + " " + (skipped == 0 ? hash : hash + 1));
        System.out.println("end " + in.read() + " " + in.read(block) + " " + in.read(new byte[0]) + " " + in.available());
    }
}
