import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.*;
import java.security.spec.*;
import java.util.*;
import javax.crypto.*;
import javax.crypto.spec.*;

/** Security providers: digests, macs, ciphers, signatures, key agreement, key stores. */
public class Cryptography {
    static final byte[] TEXT = "a small cup of coffee".getBytes(StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        providers();
        digests();
        macs();
        ciphers();
        asymmetric();
        agreement();
        keyStores();
        numbers();
        errors();
    }

    static String hex(byte[] b) {
        return HexFormat.of().formatHex(b);
    }

    static void providers() {
        for (Provider p : Security.getProviders()) System.out.print(p.getName() + " ");
        System.out.println();
    }

    static void digests() throws Exception {
        for (String name : List.of("MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/256", "SHA3-256", "SHA3-512")) {
            MessageDigest d = MessageDigest.getInstance(name);
            d.update(TEXT, 0, 5);
            d.update(ByteBuffer.wrap(TEXT, 5, TEXT.length - 5));
            MessageDigest copy = (MessageDigest) d.clone();
            System.out.println(name + " " + hex(d.digest()) + " " + MessageDigest.isEqual(copy.digest(), MessageDigest.getInstance(name).digest(TEXT)));
        }
        byte[] large = new byte[100_000];
        for (int i = 0; i < large.length; i++) large[i] = (byte) (i * 7);
        System.out.println(hex(MessageDigest.getInstance("SHA-256").digest(large)));
    }

    static void macs() throws Exception {
        for (String name : List.of("HmacMD5", "HmacSHA1", "HmacSHA256", "HmacSHA512", "HmacSHA3-256")) {
            Mac m = Mac.getInstance(name);
            m.init(new SecretKeySpec("key".getBytes(), name));
            System.out.println(name + " " + hex(m.doFinal(TEXT)));
        }
        SecretKeyFactory f = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
        System.out.println(hex(f.generateSecret(new PBEKeySpec("password".toCharArray(), "salt".getBytes(), 100, 256)).getEncoded()));
    }

    static void ciphers() throws Exception {
        byte[] key = new byte[16], iv = new byte[16];
        for (int i = 0; i < 16; i++) { key[i] = (byte) i; iv[i] = (byte) (i * 3); }
        SecretKey k = new SecretKeySpec(key, "AES");
        for (String name : List.of("AES/ECB/PKCS5Padding", "AES/CBC/PKCS5Padding", "AES/CTR/NoPadding", "AES/GCM/NoPadding", "ChaCha20-Poly1305")) {
            Cipher c = Cipher.getInstance(name);
            SecretKey used = name.startsWith("ChaCha") ? new SecretKeySpec(Arrays.copyOf(key, 32), "ChaCha20") : k;
            AlgorithmParameterSpec p = name.contains("ECB") ? null : name.contains("GCM") ? new GCMParameterSpec(128, iv, 0, 12) : new IvParameterSpec(iv, 0, name.startsWith("ChaCha") ? 12 : 16);
            c.init(Cipher.ENCRYPT_MODE, used, p);
            if (name.contains("GCM") || name.startsWith("ChaCha")) c.updateAAD("header".getBytes());
            byte[] sealed = c.doFinal(TEXT);
            System.out.println(name + " " + hex(sealed));
            c = Cipher.getInstance(name);
            c.init(Cipher.DECRYPT_MODE, used, p);
            if (name.contains("GCM") || name.startsWith("ChaCha")) {
                c.updateAAD("header".getBytes());
                byte[] broken = sealed.clone();
                broken[3] ^= 1;
                try {
                    c.doFinal(broken);
                } catch (AEADBadTagException e) {
                    System.out.println("tag: " + e.getMessage());
                }
                c.init(Cipher.DECRYPT_MODE, used, p);
                c.updateAAD("header".getBytes());
            }
            System.out.println(new String(c.doFinal(sealed)));
        }
        KeyGenerator g = KeyGenerator.getInstance("AES");
        g.init(256);
        SecretKey a = g.generateKey(), b = g.generateKey();
        System.out.println(a.getEncoded().length + " " + a.getFormat() + " " + Arrays.equals(a.getEncoded(), b.getEncoded()));
        SecureRandom r = SecureRandom.getInstanceStrong();
        System.out.println((r.nextLong() != r.nextLong()) + " " + new SecureRandom().getAlgorithm() + " " + SecureRandom.getInstance("DRBG").generateSeed(8).length);
        SecureRandom seeded = SecureRandom.getInstance("SHA1PRNG");
        seeded.setSeed(42);
        System.out.println(seeded.nextInt());
    }

    static void asymmetric() throws Exception {
        sign("RSA", new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F4), "SHA256withRSA");
        sign("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA");
        sign("Ed25519", null, "Ed25519");
        // A key that is given: deterministic signatures.
        BigInteger p = new BigInteger("e5b1f3d5ac1a1b6f1a3b4d7d7f2d9c6b3b3d0bd33bd63a2b1f6d7d1f6a6b1a77", 16);
        KeyFactory f = KeyFactory.getInstance("Ed25519");
        PrivateKey given = f.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
        Signature s = Signature.getInstance("Ed25519");
        s.initSign(given);
        System.out.println(hex(s.sign()) + " " + p.bitLength());
        KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
        g.initialize(1024);
        KeyPair pair = g.generateKeyPair();
        Cipher c = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        c.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        byte[] sealed = c.doFinal(TEXT);
        c.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        System.out.println(new String(c.doFinal(sealed)) + " " + sealed.length + " " + ((RSAPublicKey) pair.getPublic()).getPublicExponent());
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        PublicKey back = rsa.generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));
        System.out.println(back.equals(pair.getPublic()) + " " + rsa.generatePrivate(new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded())).equals(pair.getPrivate()));
    }

    static void sign(String kind, AlgorithmParameterSpec spec, String algorithm) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance(kind);
        if (spec != null) g.initialize(spec);
        KeyPair pair = g.generateKeyPair();
        Signature s = Signature.getInstance(algorithm);
        s.initSign(pair.getPrivate());
        s.update(TEXT);
        byte[] signature = s.sign();
        s.initVerify(pair.getPublic());
        s.update(TEXT);
        boolean good = s.verify(signature);
        s.initVerify(pair.getPublic());
        s.update(TEXT, 1, 5);
        System.out.println(algorithm + " " + good + " " + s.verify(signature) + " " + pair.getPublic().getAlgorithm() + " " + pair.getPrivate().getFormat());
    }

    static void agreement() throws Exception {
        for (String name : List.of("X25519", "EC", "DH")) {
            KeyPairGenerator g = KeyPairGenerator.getInstance(name);
            if (name.equals("EC")) g.initialize(256);
            if (name.equals("DH")) g.initialize(new DHParameterSpec(new BigInteger("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFFFFFFFFFF", 16), BigInteger.TWO));
            KeyPair a = g.generateKeyPair(), b = g.generateKeyPair();
            KeyAgreement x = KeyAgreement.getInstance(name.equals("EC") ? "ECDH" : name), y = KeyAgreement.getInstance(name.equals("EC") ? "ECDH" : name);
            x.init(a.getPrivate());
            x.doPhase(b.getPublic(), true);
            y.init(b.getPrivate());
            y.doPhase(a.getPublic(), true);
            System.out.println(name + " " + Arrays.equals(x.generateSecret(), y.generateSecret()));
        }
    }

    static void keyStores() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = "changeit".toCharArray();
        store.load(null, password);
        SecretKey secret = new SecretKeySpec(new byte[16], "AES");
        store.setEntry("secret", new KeyStore.SecretKeyEntry(secret), new KeyStore.PasswordProtection(password));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password);
        KeyStore back = KeyStore.getInstance("PKCS12");
        back.load(new ByteArrayInputStream(out.toByteArray()), password);
        System.out.println(Collections.list(back.aliases()) + " " + back.size() + " " + secret.equals(back.getKey("secret", password)) + " " + back.isKeyEntry("secret") + " " + back.getType());
        try {
            KeyStore.getInstance("PKCS12").load(new ByteArrayInputStream(out.toByteArray()), "wrong".toCharArray());
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(KeyStore.getDefaultType());
    }

    static void numbers() {
        Random r = new Random(5);
        BigInteger p = BigInteger.valueOf(2).pow(607).subtract(BigInteger.ONE);
        BigInteger a = new BigInteger(600, r), b = new BigInteger(500, r);
        System.out.println(a.modPow(b, p).toString(36));
        System.out.println(a.modInverse(p).multiply(a).mod(p) + " " + p.isProbablePrime(20) + " " + a.gcd(b));
        for (int bits : List.of(64, 512, 1024, 2048, 4000, 12000)) {
            BigInteger x = new BigInteger(bits, r).setBit(0), y = new BigInteger(bits, r), m = new BigInteger(bits, r).setBit(bits - 1).setBit(0);
            System.out.println(bits + " " + Integer.toHexString(x.multiply(y).hashCode()) + " " + Integer.toHexString(x.pow(2).hashCode()) + " " + (bits <= 2048 ? Integer.toHexString(x.modPow(y.shiftRight(bits - 64), m).hashCode()) : ""));
        }
    }

    static void errors() {
        try { MessageDigest.getInstance("NONE"); } catch (NoSuchAlgorithmException e) { System.out.println(e.getMessage()); }
        try { Cipher.getInstance("AES/XYZ/NoPadding"); } catch (GeneralSecurityException e) { System.out.println(e.getMessage()); }
        try { Cipher.getInstance("AES").init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[5], "AES")); } catch (GeneralSecurityException e) { System.out.println(e.getMessage()); }
        try { Signature.getInstance("SHA256withRSA").sign(); } catch (GeneralSecurityException e) { System.out.println(e.getMessage()); }
    }
}
