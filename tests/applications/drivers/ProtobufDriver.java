/** Messages built, written, parsed and described. */

import com.google.protobuf.*;

import java.util.*;

public class ProtobufDriver {
    public static void main(String[] a) throws Exception {
        System.out.println(
                Struct.newBuilder()
                        .putFields("a", Value.newBuilder().setNumberValue(1.5).build())
                        .build());
        System.out.println(
                Arrays.toString(Timestamp.newBuilder().setSeconds(5).build().toByteArray()));
        System.out.println(Timestamp.parseFrom(new byte[] {8, 5}));
        System.out.println(DescriptorProtos.getDescriptor().getMessageTypes().size());
    }
}
