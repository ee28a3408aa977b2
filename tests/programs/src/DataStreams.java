/* Exercises: DataOutputStream and DataInputStream round trips; in JDK 25 they go through VarHandles over
 * byte arrays. */
import java.io.*;
import java.util.Arrays;

public class DataStreams {
    public static void main(String[] args) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(-5);
        out.writeLong(1L << 40);
        out.writeDouble(Math.PI);
        out.writeUTF("naïve ☕\0");
        out.writeShort(-3);
        out.writeBoolean(true);
        out.writeChars("hi");
        out.writeByte(200);
        out.writeFloat(1.5f);
        System.out.println(bytes.size() + " " + Arrays.hashCode(bytes.toByteArray()));
        DataInputStream in = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(bytes.toByteArray()), 5));
        System.out.println(in.readInt() + " " + in.readLong() + " " + in.readDouble() + " " + in.readUTF().length() + " " + in.readShort() + " " + in.readBoolean() + " " + in.readChar() + in.readChar() + " "
                + in.readUnsignedByte() + " " + in.readFloat() + " " + in.read());
        try {
            in.readInt();
        } catch (EOFException e) {
            System.out.println(e);
        }
    }
}
