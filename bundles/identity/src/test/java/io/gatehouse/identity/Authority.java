package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of another make than ours. */
final class Authority {
    final Instant made;
    final KeyPair keys = keys();
    final X509Certificate certificate;

    Authority(Instant made) throws Exception {
        this.made = made;
        this.certificate = issue("CN=Fleet", keys.getPublic(), made, made.plus(Duration.ofDays(7300)), true, null);
    }

    Sha256 fingerprint() throws Exception {
        return Sha256.of(certificate.getEncoded());
    }

    IssuedChain device(PublicKey key, String name, Instant from, Instant until) throws Exception {
        return new IssuedChain(
                List.of(issue("CN=" + name, key, from, until, false, KeyPurposeId.id_kp_clientAuth), certificate));
    }

    /** A broker's side, which asks for certificates of this authority. */
    SSLContext broker(String name, Instant from, Instant until, boolean showsAuthority) throws Exception {
        KeyPair own = keys();
        X509Certificate leaf = issue("CN=" + name, own.getPublic(), from, until, false, KeyPurposeId.id_kp_serverAuth);
        X509Certificate[] chain = showsAuthority ? array(leaf, certificate) : array(leaf);
        return server(own.getPrivate(), chain);
    }

    SSLContext server(PrivateKey key, X509Certificate... chain) throws Exception {
        java.security.KeyStore trusted = java.security.KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        java.security.KeyStore own = java.security.KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("broker", key, new char[0], chain);
        javax.net.ssl.KeyManagerFactory managers = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
        managers.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] shown = managers.getKeyManagers();
        TrustManager[] believed = trust.getTrustManagers();
        context.init(shown, believed, null);
        return context;
    }

    X509Certificate issue(String subject, PublicKey key, Instant from, Instant until, boolean ca, KeyPurposeId purpose)
            throws Exception {
        X500Name issuer = new X500Name("CN=Fleet");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from(from),
                Date.from(until),
                new X500Name(subject),
                key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (purpose != null) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        }
        if (purpose == KeyPurposeId.id_kp_serverAuth) {
            GeneralName name = new GeneralName(GeneralName.dNSName, subject.substring("CN=".length()));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate[] array(X509Certificate... chain) {
        return chain;
    }
}
