import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.*;
import java.security.spec.*;
import java.util.*;
import java.util.zip.*;
import javax.crypto.*;
import javax.crypto.spec.*;

/** Exercises: the inner loops that a machine replaces, over many lengths, offsets and pieces; each result goes into a sum. */
public class CipherLoops {
    static final Random RANDOM = new Random(25);
    static final CRC32 SUM = new CRC32();

    static byte[] bytes(int length) {
        byte[] b = new byte[length];
        RANDOM.nextBytes(b);
        return b;
    }

    static void take(byte[] b) {
        SUM.update(b);
        SUM.update(b.length);
    }

    static void tell(String what) {
        System.out.println(what + " " + Long.toHexString(SUM.getValue()));
        SUM.reset();
    }

    static void digests() throws Exception {
        for (String name : List.of("MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512")) {
            MessageDigest d = MessageDigest.getInstance(name);
            for (int length = 0; length < 300; length += 1 + RANDOM.nextInt(9)) take(d.digest(bytes(length)));
            byte[] long_ = bytes(5000);
            for (int at = 0; at < long_.length; ) {
                int n = Math.min(long_.length - at, RANDOM.nextInt(400));
                d.update(long_, at, n);
                at += n;
                if (RANDOM.nextInt(4) == 0) take(((MessageDigest) d.clone()).digest());
            }
            take(d.digest());
            tell(name);
        }
    }

    // Encrypts and decrypts in pieces, in place and apart; what comes back must be what went in.
    static void cipher(String transformation, int keySize, AlgorithmParameterSpec parameters, boolean whole) throws Exception {
        SecretKeySpec key = new SecretKeySpec(bytes(keySize), transformation.split("[/-]")[0]);
        Cipher c = Cipher.getInstance(transformation), back = Cipher.getInstance(transformation);
        for (int round = 0; round < 25; round++) {
            int length = round < 3 ? 0 : RANDOM.nextInt(700);
            if (whole) length &= ~15;
            AlgorithmParameterSpec p = parameters;
            if (p instanceof GCMParameterSpec) p = new GCMParameterSpec(128, bytes(12));
            else if (p instanceof IvParameterSpec i) p = new IvParameterSpec(bytes(i.getIV().length));
            c.init(Cipher.ENCRYPT_MODE, key, p);
            back.init(Cipher.DECRYPT_MODE, key, p);
            byte[] plain = bytes(length), extra = bytes(RANDOM.nextInt(50));
            if (transformation.contains("GCM") || transformation.contains("Poly")) {
                c.updateAAD(extra);
                back.updateAAD(extra);
            }
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            for (int at = 0; at < length; ) {
                int n = Math.min(length - at, 1 + RANDOM.nextInt(200));
                byte[] some = c.update(plain, at, n);
                if (some != null) out.writeBytes(some);
                at += n;
            }
            out.writeBytes(c.doFinal());
            byte[] sealed = out.toByteArray();
            take(sealed);
            byte[] buffer = Arrays.copyOf(sealed, sealed.length + 64);
            int opened = back.doFinal(buffer, 0, sealed.length, buffer, 0);
            if (!Arrays.equals(plain, Arrays.copyOf(buffer, opened))) System.out.println(transformation + " does not come back");
        }
        byte[] large = bytes(1 << 16);
        if (!(parameters instanceof GCMParameterSpec) && !transformation.contains("Poly")) {
            c.init(Cipher.ENCRYPT_MODE, key, parameters);
            take(c.doFinal(large));
        }
        tell(transformation + " " + 8 * keySize);
    }

    static void ciphers() throws Exception {
        for (int size : new int[] {16, 24, 32}) {
            cipher("AES/ECB/PKCS5Padding", size, null, false);
            cipher("AES/ECB/NoPadding", size, null, true);
            cipher("AES/CBC/PKCS5Padding", size, new IvParameterSpec(bytes(16)), false);
            cipher("AES/CBC/NoPadding", size, new IvParameterSpec(bytes(16)), true);
            cipher("AES/CTR/NoPadding", size, new IvParameterSpec(bytes(16)), false);
            cipher("AES/CFB8/NoPadding", size, new IvParameterSpec(bytes(16)), false);
            cipher("AES/OFB/NoPadding", size, new IvParameterSpec(bytes(16)), false);
            cipher("AES/GCM/NoPadding", size, new GCMParameterSpec(128, bytes(12)), false);
        }
        cipher("DESede/CBC/PKCS5Padding", 24, new IvParameterSpec(bytes(8)), false);
        cipher("ChaCha20-Poly1305", 32, new IvParameterSpec(bytes(12)), false);
        SecretKeySpec key = new SecretKeySpec(bytes(16), "AES");
        byte[] counter = new byte[16];
        Arrays.fill(counter, (byte) -1);
        Cipher c = Cipher.getInstance("AES/CTR/NoPadding");
        c.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
        take(c.doFinal(new byte[100]));
        byte[] area = bytes(400);
        c.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
        c.update(area, 5, 300, area, 5);
        take(area);
        for (int shift : new int[] {3, 16, 32}) {
            c = Cipher.getInstance("AES/CBC/NoPadding");
            for (int mode : new int[] {Cipher.ENCRYPT_MODE, Cipher.DECRYPT_MODE}) {
                c.init(mode, key, new IvParameterSpec(new byte[16]));
                c.update(area, 0, 320, area, shift);
                take(area);
                c.init(mode, key, new IvParameterSpec(new byte[16]));
                c.update(area, shift, 320, area, 0);
                take(area);
            }
        }
        tell("overlaps");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key);
        take(mac.doFinal(area));
        take(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(new PBEKeySpec("cup".toCharArray(), bytes(16), 50, 512)).getEncoded());
        tell("macs");
    }

    static void curves() throws Exception {
        KeyFactory factory = KeyFactory.getInstance("EC");
        for (String name : List.of("secp256r1", "secp384r1")) {
            AlgorithmParameters p = AlgorithmParameters.getInstance("EC");
            p.init(new ECGenParameterSpec(name));
            ECParameterSpec spec = p.getParameterSpec(ECParameterSpec.class);
            KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
            g.initialize(spec);
            KeyPair other = g.generateKeyPair();
            for (int i = 0; i < 3; i++) {
                PrivateKey mine = factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(250, RANDOM), spec));
                KeyAgreement one = KeyAgreement.getInstance("ECDH");
                one.init(mine);
                one.doPhase(factory.generatePublic(new ECPublicKeySpec(spec.getGenerator(), spec)), true);
                take(one.generateSecret());
                Signature s = Signature.getInstance("SHA256withECDSA");
                s.initSign(other.getPrivate());
                s.update((byte) i);
                byte[] signed = s.sign();
                s.initVerify(other.getPublic());
                s.update((byte) i);
                take(new byte[] {(byte) (s.verify(signed) ? 1 : 0)});
                s.initVerify(other.getPublic());
                s.update((byte) (i + 1));
                take(new byte[] {(byte) (s.verify(signed) ? 1 : 0)});
            }
            tell(name);
        }
    }

    static void integers() {
        for (int bits : new int[] {1, 31, 32, 33, 64, 65, 100, 512, 521, 1024, 2050}) {
            for (int i = 0; i < (bits > 600 ? 2 : 6); i++) {
                BigInteger base = new BigInteger(bits, RANDOM), exponent = new BigInteger(Math.min(bits, 200), RANDOM), modulus = new BigInteger(bits, RANDOM).setBit(0).setBit(bits - 1);
                take(base.modPow(exponent, modulus).toByteArray());
                take(base.modPow(exponent, modulus.add(BigInteger.ONE)).toByteArray());
                for (int shift : new int[] {0, 1, 31, 32, 33, 64, 95}) {
                    take(base.shiftRight(shift).toByteArray());
                    take(base.negate().shiftRight(shift).toByteArray());
                    take(base.shiftLeft(shift).toByteArray());
                }
            }
        }
        take(BigInteger.ONE.shiftLeft(20000).subtract(BigInteger.ONE).modPow(BigInteger.valueOf(3), BigInteger.ONE.shiftLeft(19000).add(BigInteger.ONE)).toByteArray());
        tell("integers");
    }

    static void codings() {
        for (int length = 0; length < 200; length += 1 + RANDOM.nextInt(3)) {
            byte[] b = bytes(length);
            for (Base64.Encoder e : List.of(Base64.getEncoder(), Base64.getUrlEncoder(), Base64.getMimeEncoder(), Base64.getUrlEncoder().withoutPadding())) take(e.encode(b));
            byte[] mime = Base64.getMimeEncoder().encode(b), url = Base64.getUrlEncoder().encode(b);
            if (!Arrays.equals(b, Base64.getMimeDecoder().decode(mime)) || !Arrays.equals(b, Base64.getUrlDecoder().decode(url))) System.out.println("Base64 does not come back");
            if (length > 8) {
                byte[] bad = Base64.getEncoder().encode(b);
                bad[RANDOM.nextInt(bad.length)] = (byte) RANDOM.nextInt(256);
                for (Base64.Decoder d : List.of(Base64.getDecoder(), Base64.getUrlDecoder(), Base64.getMimeDecoder())) {
                    try {
                        take(d.decode(bad));
                    } catch (IllegalArgumentException e) {
                        take(e.getMessage().getBytes());
                    }
                    try {
                        take(new byte[] {(byte) d.decode(bad, new byte[length / 2])});
                    } catch (IllegalArgumentException e) {
                        take(e.getMessage().getBytes());
                    }
                }
            }
            CRC32C crc = new CRC32C();
            crc.update(b, length / 3, length / 2);
            ByteBuffer direct = ByteBuffer.allocateDirect(length + 3).put(b).flip();
            crc.update(direct);
            take(Long.toString(crc.getValue()).getBytes());
        }
        tell("codings");
    }

    public static void main(String[] args) throws Exception {
        digests();
        ciphers();
        curves();
        integers();
        codings();
    }
}
