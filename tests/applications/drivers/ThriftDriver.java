/** Thrift's servers and clients over the loopback: a pool of threads with blocking sockets, and selectors with frames. */

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.*;
import org.apache.thrift.server.*;
import org.apache.thrift.transport.*;
import org.apache.thrift.transport.layered.TFramedTransport;

public class ThriftDriver {
    /** Greets: what a generated processor does, by hand. */
    static class Greeter implements TProcessor {
        @Override
        public void process(TProtocol in, TProtocol out) throws TException {
            TMessage message = in.readMessageBegin();
            String name = field(in);
            in.readMessageEnd();
            if (name.isEmpty()) {
                throw new TException("no name");
            }
            write(out, new TMessage(message.name, TMessageType.REPLY, message.seqid), "hello " + name);
        }
    }

    static String field(TProtocol in) throws TException {
        String text = "";
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            if (field.type == TType.STRING) {
                text += in.readString();
            } else {
                TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        in.readStructEnd();
        return text;
    }

    static void write(TProtocol out, TMessage message, String text) throws TException {
        out.writeMessageBegin(message);
        out.writeStructBegin(new TStruct("words"));
        out.writeFieldBegin(new TField("text", TType.STRING, (short) 1));
        out.writeString(text);
        out.writeFieldEnd();
        out.writeFieldBegin(new TField("weight", TType.DOUBLE, (short) 2));
        out.writeDouble(1.5);
        out.writeFieldEnd();
        out.writeFieldStop();
        out.writeStructEnd();
        out.writeMessageEnd();
        out.getTransport().flush();
    }

    static String call(TProtocol protocol, String text, int number) throws TException {
        write(protocol, new TMessage("greet", TMessageType.CALL, number), text);
        TMessage answer = protocol.readMessageBegin();
        String said = field(protocol);
        protocol.readMessageEnd();
        return said + " " + answer.seqid;
    }

    static Thread serve(TServer server) throws InterruptedException {
        Thread thread = new Thread(server::serve);
        thread.start();
        while (!server.isServing()) {
            Thread.sleep(2);
        }
        return thread;
    }

    public static void main(String[] args) throws Exception {
        TServerSocket socket = new TServerSocket(new InetSocketAddress("127.0.0.1", 0));
        TServer pool = new TThreadPoolServer(new TThreadPoolServer.Args(socket).processor(new Greeter())
                .protocolFactory(new TCompactProtocol.Factory()));
        Thread serving = serve(pool);
        for (int client = 0; client < 3; client++) {
            try (TSocket connection = new TSocket("127.0.0.1", socket.getServerSocket().getLocalPort())) {
                connection.open();
                for (int i = 0; i < 3; i++) {
                    System.out.println(call(new TCompactProtocol(connection), "é".repeat(client * 5000 + 1), i).hashCode());
                }
            }
        }
        pool.stop();
        serving.join();

        TNonblockingServerSocket channel = new TNonblockingServerSocket(new InetSocketAddress("127.0.0.1", 0));
        TServer selecting = new THsHaServer(new THsHaServer.Args(channel).processor(new Greeter())
                .protocolFactory(new TBinaryProtocol.Factory()));
        serving = serve(selecting);
        Thread[] clients = new Thread[4];
        String[] said = new String[clients.length];
        for (int i = 0; i < clients.length; i++) {
            int own = i;
            clients[i] = new Thread(() -> {
                try (TFramedTransport frames = new TFramedTransport(new TSocket("127.0.0.1", channel.getPort()))) {
                    frames.open();
                    for (int n = 0; n < 20; n++) {
                        said[own] = call(new TBinaryProtocol(frames), "client " + own, n);
                    }
                } catch (TException e) {
                    said[own] = e.toString();
                }
            });
            clients[i].start();
        }
        for (Thread client : clients) {
            client.join();
        }
        System.out.println(String.join(", ", said));
        selecting.stop();
        serving.join();

        TMemoryBuffer memory = new TMemoryBuffer(64);
        write(new TJSONProtocol(memory), new TMessage("greet", TMessageType.ONEWAY, 9), "\"é\"");
        System.out.println(memory.toString(StandardCharsets.UTF_8));
        try (TSocket nobody = new TSocket("127.0.0.1", 1)) {
            nobody.open();
        } catch (TTransportException e) {
            System.out.println(e.getType() + " " + e.getMessage());
        }
    }
}
