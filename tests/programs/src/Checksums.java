/* Exercises: the natives behind java.util.zip: CRC32, Adler32, and a round trip through Deflater and
 * Inflater (compressed bytes themselves are not printed: only their meaning is specified). */
import java.util.zip.*;

public class Checksums {
    public static void main(String[] args) throws DataFormatException {
        byte[] data = new byte[20000];
        for (int i = 0; i < data.length; i++) data[i] = (byte) (i * i / 50);
        CRC32 crc = new CRC32();
        Adler32 adler = new Adler32();
        System.out.println(crc.getValue() + " " + adler.getValue());
        for (int length : new int[] {1, 7, 100, 20000}) {
            crc.update(data, 0, length);
            adler.update(data, 0, length);
            System.out.println(length + " " + crc.getValue() + " " + adler.getValue());
        }
        crc.reset();
        crc.update('x');
        System.out.println(crc.getValue());
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        byte[] packed = new byte[30000];
        int size = deflater.deflate(packed);
        System.out.println((size < data.length) + " " + deflater.finished() + " " + deflater.getTotalIn());
        deflater.end();
        Inflater inflater = new Inflater();
        inflater.setInput(packed, 0, size);
        byte[] again = new byte[data.length + 10];
        int at = 0;
        while (!inflater.finished()) at += inflater.inflate(again, at, Math.min(777, again.length - at));
        inflater.end();
        System.out.println(at + " " + java.util.Arrays.equals(data, 0, data.length, again, 0, at));
        packed[0] = 0;
        Inflater broken = new Inflater();
        broken.setInput(packed, 0, size);
        try {
            broken.inflate(again);
        } catch (DataFormatException e) {
            System.out.println(e.getMessage());
        }
        broken.end();
    }
}
