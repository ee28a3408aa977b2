/** Object graphs with cycles, records and enums through Kryo, and back. */

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.*;

import java.util.*;

public class KryoDriver {
    static class Node {
        String name;
        int[] values;
        Map<String, List<Node>> next = new TreeMap<>();

        Node() {}

        Node(String name, int... values) {
            this.name = name;
            this.values = values;
        }
    }

    record Pair(int a, String b) {}

    enum Way { UP, DOWN { } }

    public static void main(String[] args) {
        Kryo kryo = new Kryo();
        kryo.setRegistrationRequired(false);
        kryo.setReferences(true);
        Node root = new Node("root", 1, 2, 3);
        root.next.put("self", new ArrayList<>(List.of(root, new Node("child", -1))));
        Output output = new Output(1024, -1);
        for (Object o : new Object[] {root, new Pair(5, "é"), Way.DOWN}) kryo.writeClassAndObject(output, o);
        byte[] bytes = output.toBytes();
        System.out.println(bytes.length + " " + HexFormat.of().formatHex(bytes));
        Input input = new Input(bytes);
        Node back = (Node) kryo.readClassAndObject(input);
        System.out.println(back.name + Arrays.toString(back.values) + (back.next.get("self").get(0) == back));
        System.out.println(kryo.readClassAndObject(input) + " " + kryo.readClassAndObject(input));
        kryo.setRegistrationRequired(true);
        try {
            kryo.writeClassAndObject(new Output(64), new StringBuilder());
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
