/** Bouncy Castle: digests, ciphers, key derivation, signatures, a certificate. */

import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.*;

import java.math.BigInteger;
import java.security.*;
import java.security.spec.ECGenParameterSpec;
import java.util.*;
import javax.crypto.Cipher;
import javax.crypto.spec.*;
import javax.security.auth.x500.X500Principal;

public class BouncyDriver {
    static boolean signed(KeyPair keys, String algorithm) throws Exception {
        Signature signature = Signature.getInstance(algorithm, "BC");
        signature.initSign(keys.getPrivate());
        signature.update("message".getBytes());
        byte[] bytes = signature.sign();
        signature.initVerify(keys.getPublic());
        signature.update("message".getBytes());
        return signature.verify(bytes);
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        HexFormat hex = HexFormat.of();
        for (String name : List.of("SHA3-256", "RIPEMD160", "BLAKE2B-512", "Whirlpool", "GOST3411", "SM3"))
            System.out.println(name + " " + hex.formatHex(MessageDigest.getInstance(name, "BC").digest("tea".getBytes())));
        for (String name : List.of("Twofish/CBC/PKCS7Padding", "AES/EAX/NoPadding", "Camellia/CTR/NoPadding", "ChaCha7539")) {
            Cipher cipher = Cipher.getInstance(name, "BC");
            String key = name.split("/")[0];
            int block = key.equals("ChaCha7539") ? 12 : 16;
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[block == 12 ? 32 : 16], key), new IvParameterSpec(new byte[block]));
            System.out.println(name + " " + hex.formatHex(cipher.doFinal("hello there".getBytes())));
        }
        System.out.println(hex.formatHex(SCrypt.generate("password".getBytes(), "salt".getBytes(), 256, 8, 1, 32)));
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC", "BC");
        curve.initialize(new ECGenParameterSpec("secp256k1"));
        System.out.println(signed(curve.generateKeyPair(), "SHA256withECDSA"));
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519", "BC").generateKeyPair();
        System.out.println(signed(keys, "Ed25519"));
        X500Principal name = new X500Principal("CN=tea");
        var certificate = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, new Date(0), new Date(1L << 41), name, keys.getPublic())
                .build(new JcaContentSignerBuilder("Ed25519").build(keys.getPrivate()));
        System.out.println(certificate.getSubject() + " "
                + certificate.isSignatureValid(new JcaContentVerifierProviderBuilder().build(keys.getPublic())));
    }
}
