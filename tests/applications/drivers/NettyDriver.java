/** An HTTP server of Netty over loopback. */

import io.netty.bootstrap.*;
import io.netty.buffer.*;
import io.netty.channel.*;
import io.netty.channel.nio.*;
import io.netty.channel.socket.*;
import io.netty.channel.socket.nio.*;
import io.netty.handler.codec.http.*;

import java.net.*;
import java.nio.charset.*;

public class NettyDriver {
    public static void main(String[] a) throws Exception {
        EventLoopGroup g = new NioEventLoopGroup(2);
        try {
            Channel s =
                    new ServerBootstrap()
                            .group(g)
                            .channel(NioServerSocketChannel.class)
                            .childHandler(
                                    new ChannelInitializer<SocketChannel>() {
                                        protected void initChannel(SocketChannel c) {
                                            c.pipeline()
                                                    .addLast(
                                                            new HttpServerCodec(),
                                                            new HttpObjectAggregator(1 << 20),
                                                            new SimpleChannelInboundHandler<
                                                                    FullHttpRequest>() {
                                                                protected void channelRead0(
                                                                        ChannelHandlerContext x,
                                                                        FullHttpRequest r) {
                                                                    ByteBuf b =
                                                                            Unpooled.copiedBuffer(
                                                                                    "netty "
                                                                                            + r
                                                                                                    .method()
                                                                                            + " "
                                                                                            + r
                                                                                                    .uri()
                                                                                            + " "
                                                                                            + r.content()
                                                                                                    .readableBytes(),
                                                                                    StandardCharsets
                                                                                            .UTF_8);
                                                                    FullHttpResponse p =
                                                                            new DefaultFullHttpResponse(
                                                                                    HttpVersion
                                                                                            .HTTP_1_1,
                                                                                    HttpResponseStatus
                                                                                            .OK,
                                                                                    b);
                                                                    p.headers()
                                                                            .set(
                                                                                    "Content-Length",
                                                                                    b
                                                                                            .readableBytes());
                                                                    x.writeAndFlush(p);
                                                                }
                                                            });
                                        }
                                    })
                            .bind(InetAddress.getLoopbackAddress(), 0)
                            .sync()
                            .channel();
            int port = ((InetSocketAddress) s.localAddress()).getPort();
            for (int i = 0; i < 5; i++)
                System.out.println(
                        new String(
                                new URL("http://127.0.0.1:" + port + "/q" + i)
                                        .openStream()
                                        .readAllBytes()));
            s.close().sync();
        } finally {
            g.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
        }
        System.out.println("end");
    }
}
