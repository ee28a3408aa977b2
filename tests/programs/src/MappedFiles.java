import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files mapped into memory: for reading, for writing and privately, and what the others see of it. */
public class MappedFiles {
    static String text(ByteBuffer buffer, int from, int length) {
        byte[] bytes = new byte[length];
        buffer.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public static void main(String[] args) throws Exception {
        Path path = Files.createTempFile("mapped", ".bin");
        Files.writeString(path, "0123456789".repeat(1000));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer shared = channel.map(MapMode.READ_WRITE, 5, 5000);
            System.out.println(text(shared, 0, 10) + " " + shared.capacity() + " " + shared.isDirect() + " " + shared.isReadOnly());
            shared.put(0, "memory".getBytes(StandardCharsets.ISO_8859_1));
            shared.force();
            System.out.println(Files.readString(path).substring(0, 20));
            channel.write(ByteBuffer.wrap("file".getBytes(StandardCharsets.ISO_8859_1)), 8);
            System.out.println(text(shared, 0, 10));

            MappedByteBuffer reader = channel.map(MapMode.READ_ONLY, 0, 4000);
            shared.put(1, (byte) '!');
            System.out.println(text(reader, 0, 20) + " " + reader.isReadOnly());

            MappedByteBuffer own = channel.map(MapMode.PRIVATE, 0, 20);
            own.put(0, (byte) '?');
            System.out.println(text(own, 0, 10) + " " + Files.readString(path).substring(0, 10));

            MappedByteBuffer longer = channel.map(MapMode.READ_WRITE, 20000, 4096);
            longer.order(ByteOrder.LITTLE_ENDIAN).putInt(4092, 0x01020304);
            System.out.println(channel.size() + " " + longer.get(0));
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(24092);
            System.out.println(Integer.toHexString(file.readInt()));
            try {
                file.getChannel().map(MapMode.READ_WRITE, 0, 10);
            } catch (NonWritableChannelException e) {
                System.out.println(e);
            }
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.map(MapMode.READ_WRITE, 0, 10);
        } catch (NonReadableChannelException e) {
            System.out.println(e);
        }

        Path numbers = Files.createTempFile("numbers", ".bin");
        try (RandomAccessFile file = new RandomAccessFile(numbers.toFile(), "rw")) {
            int count = 1 << 18;
            IntBuffer ints = file.getChannel().map(MapMode.READ_WRITE, 0, 4L * count).asIntBuffer();
            for (int i = 0; i < count; i++) {
                ints.put(i, i * 31);
            }
            long sum = 0;
            for (int i = 0; i < count; i += 4096) {
                file.seek(4L * i);
                sum += file.readInt();
            }
            System.out.println(sum + " " + file.length());
            file.setLength(8);
            System.out.println(Files.size(numbers));
        }
        Files.delete(numbers);
        Files.delete(path);
    }
}
