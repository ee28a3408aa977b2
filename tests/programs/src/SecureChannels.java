import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.*;
import javax.net.ssl.*;

/** TLS: an engine's handshake in memory, and sockets over loopback, with a certificate of our own. */
public class SecureChannels {
    /** keytool -genkeypair -alias cup -keyalg EC -validity 36500 -storepass changeit */
    static final String STORE =
        "MIIEKgIBAzCCA9QGCSqGSIb3DQEHAaCCA8UEggPBMIIDvTCCASQGCSqGSIb3DQEHAaCCARUEggERMIIBDTCCAQkGCyqGSIb3DQEMCgECoIG9MI"
        + "G6MGYGCSqGSIb3DQEFDTBZMDgGCSqGSIb3DQEFDDArBBT9AXEeMNRlHK3PmgSn/afBTxUNiwICJxACASAwDAYIKoZIhvcNAgkFADAdBglghkgB"
        + "ZQMEASoEEKACjUy+KlbvmOvJg+JAWaEEUKycrmPy+RyhARD1lM314O/W0gVLhNA9t+JdYXzjGNq3fJ2pi3kBH6kIiI7QeR6dNSrghVoWkqMPJI"
        + "3jP7gR13tsPco5AXxu2ErOrQglJettMTowFQYJKoZIhvcNAQkUMQgeBgBjAHUAcDAhBgkqhkiG9w0BCRUxFAQSVGltZSAxNzk1NDEzNzUwNjc4"
        + "MIICkQYJKoZIhvcNAQcGoIICgjCCAn4CAQAwggJ3BgkqhkiG9w0BBwEwZgYJKoZIhvcNAQUNMFkwOAYJKoZIhvcNAQUMMCsEFI7DyMTBl0DWYr"
        + "zAks6PjDUG/X1uAgInEAIBIDAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQO8rlpvHm3H4HnMape1+Pb4CCAgBxYXyztJal+solwp/m4Ejq"
        + "us4F5Z3UghQTGrPvEgtxhtDGUrslK9XP5a4oIE7UQT5c9ZA7Yp8kUkhkzbYJyXkqpz3LczOYDZWdfs2A/lF/e5CGHYjPIW9Ce2/1MLtEvcAPzC"
        + "Wz0p/9gpFt69/xdpMS1mYeW7+HA4X5pUcWLGG58dviH63KtchkXqcUHZahZpc+EmMCC9NvtsFFrRfwqRuNm6HdEJYnah+DyI99hiiiaiaZqUvm"
        + "nEUkQoHfDZxRnOFGqB73YrUHOmreUkXx3NwPJM9ixW48JvkLNYyMs+t/vSF47yD6/MAzGTekCPC2iugkfUyGuvgHfb4fPkSFvuJeQGxatwHlfP"
        + "y3QVm+HaS9ljnxkYqV5alNkayXSCOyTtjNhmVL/G4ojfvCi4FWhFa+EXD4FLkyucu4BWZyESJ5tiRonpL4ZIpySqEYWD/UiU18M8QIdvh1Wn8S"
        + "CiR4W754MdCIYwksa3oMu+9Kpzc2Xd0fNr8KVumZDxGMv96dkwIkKvo3kle6B1HSrfWYFxkNbcscueaWIRhqFceJK/274TCHzDUSoIlC7PGi8M"
        + "SCJ0038B2botpZlpH3S1V/qlUGX4ncvQ0bSqNt0i28lPe9RGKl2uTAHj6t9j5A0vUSTfOSl7Kt1ZcuieQitnb+TNOTkNMnpWuz0vTx+1LZw6jp"
        + "zjBNMDEwDQYJYIZIAWUDBAIBBQAEIDdAircbPuJHqMP6TQD4rolV/blFF00Jsjq5qLvZ8RLrBBSD20I9Sai34x27sLpaBJVgiHvWsQICJxA=";
    static final char[] PASSWORD = "changeit".toCharArray();

    public static void main(String[] args) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(new ByteArrayInputStream(Base64.getDecoder().decode(STORE)), PASSWORD);
        certificate(keys);
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) engines(protocol, context(keys, true), context(keys, true));
        engines("TLSv1.3", context(keys, true), context(null, false));
        sockets(context(keys, true));
        parameters();
    }

    static void certificate(KeyStore keys) throws Exception {
        X509Certificate c = (X509Certificate) keys.getCertificate("cup");
        System.out.println(c.getSubjectX500Principal() + " " + c.getSigAlgName() + " " + c.getPublicKey().getAlgorithm() + " " + c.getVersion());
        System.out.println(c.getNotAfter().toInstant() + " " + c.getSubjectAlternativeNames());
        c.checkValidity();
        c.verify(c.getPublicKey());
        Signature s = Signature.getInstance("SHA256withECDSA");
        s.initSign((PrivateKey) keys.getKey("cup", PASSWORD));
        s.update("text".getBytes());
        byte[] signature = s.sign();
        s.initVerify(c);
        s.update("text".getBytes());
        System.out.println(s.verify(signature) + " " + keys.isKeyEntry("cup") + " " + keys.getCertificateChain("cup").length);
        java.security.cert.Certificate again = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(c.getEncoded()));
        System.out.println(again.equals(c));
        KeyStore copy = KeyStore.getInstance("PKCS12");
        copy.load(null, null);
        copy.setKeyEntry("other", keys.getKey("cup", PASSWORD), "inner".toCharArray(), keys.getCertificateChain("cup"));
        copy.setCertificateEntry("trusted", c);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copy.store(out, PASSWORD);
        KeyStore back = KeyStore.getInstance("PKCS12");
        back.load(new ByteArrayInputStream(out.toByteArray()), PASSWORD);
        System.out.println(new TreeSet<>(Collections.list(back.aliases())) + " " + back.getKey("other", "inner".toCharArray()).equals(keys.getKey("cup", PASSWORD)));
        try {
            back.getKey("other", "wrong".toCharArray());
        } catch (UnrecoverableKeyException e) {
            System.out.println(e.getClass().getName());
        }
    }

    static SSLContext context(KeyStore keys, boolean trusting) throws Exception {
        KeyManagerFactory k = KeyManagerFactory.getInstance("PKIX");
        k.init(keys, PASSWORD);
        TrustManagerFactory t = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        if (trusting) trusted.setCertificateEntry("cup", keys.getCertificate("cup"));
        else {
            KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
            trusted.setEntry("none", new KeyStore.SecretKeyEntry(new javax.crypto.spec.SecretKeySpec(new byte[16], "AES")), new KeyStore.PasswordProtection(PASSWORD));
        }
        SSLContext c = SSLContext.getInstance("TLS");
        t.init(trusted);
        TrustManager[] managers = trusting ? t.getTrustManagers() : new TrustManager[] {new X509TrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException { throw new CertificateException("no clients"); }
            public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException { throw new CertificateException("not this cup"); }
            public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        }};
        c.init(keys == null ? null : k.getKeyManagers(), managers, null);
        return c;
    }

    static void engines(String protocol, SSLContext serverContext, SSLContext clientContext) throws Exception {
        SSLEngine server = serverContext.createSSLEngine(), client = clientContext.createSSLEngine("cup.example", 443);
        server.setUseClientMode(false);
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {protocol});
        SSLParameters p = client.getSSLParameters();
        p.setEndpointIdentificationAlgorithm("HTTPS");
        p.setApplicationProtocols(new String[] {"cup/1"});
        client.setSSLParameters(p);
        SSLParameters q = server.getSSLParameters();
        q.setApplicationProtocols(new String[] {"cup/1"});
        server.setSSLParameters(q);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16), toClient = ByteBuffer.allocate(1 << 16);
        ByteBuffer atServer = ByteBuffer.allocate(1 << 16), atClient = ByteBuffer.allocate(1 << 16);
        ByteBuffer request = ByteBuffer.wrap("one coffee, please".getBytes()), reply = ByteBuffer.wrap("here you are".getBytes());
        try {
            for (int i = 0; i < 60 && (atClient.position() < 12 || atServer.position() < 18); i++) {
                step(client, request, toServer, toClient, atClient);
                step(server, atServer.position() < 18 ? ByteBuffer.allocate(0) : reply, toClient, toServer, atServer);
            }
        } catch (SSLException e) {
            System.out.println(e.getMessage());
            return;
        }
        System.out.println(new String(atServer.array(), 0, atServer.position()) + " / " + new String(atClient.array(), 0, atClient.position()));
        SSLSession s = client.getSession();
        System.out.println(s.getProtocol() + " " + s.getCipherSuite() + " " + client.getApplicationProtocol() + " " + ((X509Certificate) s.getPeerCertificates()[0]).getSubjectX500Principal() + " " + s.getPeerHost());
        client.closeOutbound();
        client.wrap(ByteBuffer.allocate(0), toServer.clear());
        toServer.flip();
        System.out.println(server.unwrap(toServer, atServer).getStatus() + " " + server.isInboundDone());
    }

    // One engine takes what has come and gives what it has.
    static void step(SSLEngine e, ByteBuffer plain, ByteBuffer out, ByteBuffer in, ByteBuffer into) throws SSLException {
        in.flip();
        while (true) {
            Runnable task;
            while ((task = e.getDelegatedTask()) != null) task.run();
            SSLEngineResult r = e.unwrap(in, into);
            if (r.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) continue;
            if (r.bytesConsumed() == 0 && r.bytesProduced() == 0 || r.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) break;
        }
        in.compact();
        while (true) {
            Runnable task;
            while ((task = e.getDelegatedTask()) != null) task.run();
            SSLEngineResult r = e.wrap(plain, out);
            if (r.bytesProduced() == 0 || r.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_UNWRAP) break;
            if (r.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING && !plain.hasRemaining()) break;
        }
    }

    static void sockets(SSLContext c) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket) c.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread t = new Thread(() -> {
                try (Socket s = listening.accept()) {
                    BufferedReader r = new BufferedReader(new InputStreamReader(s.getInputStream(), StandardCharsets.UTF_8));
                    Writer w = new OutputStreamWriter(s.getOutputStream(), StandardCharsets.UTF_8);
                    for (String line; (line = r.readLine()) != null; ) w.write(line.toUpperCase() + "\n");
                    w.flush();
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            t.start();
            try (SSLSocket s = (SSLSocket) c.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                s.startHandshake();
                Writer w = new OutputStreamWriter(s.getOutputStream(), StandardCharsets.UTF_8);
                for (int i = 0; i < 2000; i++) w.write("line " + i + " of some text\n");
                w.flush();
                s.shutdownOutput();
                BufferedReader r = new BufferedReader(new InputStreamReader(s.getInputStream(), StandardCharsets.UTF_8));
                int count = 0;
                String last = null;
                for (String line; (line = r.readLine()) != null; count++) last = line;
                System.out.println(count + " " + last + " " + s.getSession().getProtocol() + " " + s.getSession().isValid());
            }
            t.join();
        }
    }

    static void parameters() throws Exception {
        SSLParameters p = SSLContext.getDefault().getDefaultSSLParameters();
        System.out.println(Arrays.toString(p.getProtocols()) + " " + p.getCipherSuites().length + " " + p.getCipherSuites()[0]);
        try { SSLContext.getInstance("TLSv9"); } catch (NoSuchAlgorithmException e) { System.out.println(e.getMessage()); }
    }
}
