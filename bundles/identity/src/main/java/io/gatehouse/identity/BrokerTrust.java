package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.trust.ClockFloor;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes brokers for whom the fleet's authority vouches, and nobody else. The authority's certificate is known by its digest
 * alone, so a broker shows it at the end of its own chain.
 */
final class BrokerTrust extends X509ExtendedTrustManager {
    private final Sha256 authority;
    private final List<X509Certificate> known;
    private final Supplier<ClockFloor.Time> time;

    /**
     * Trusts whom this authority vouches for.
     *
     * @param authority SHA-256 of its certificate in DER
     * @param known certificates at hand, besides those that a broker shows
     */
    BrokerTrust(Sha256 authority, List<X509Certificate> known, Supplier<ClockFloor.Time> time) {
        this.authority = authority;
        this.known = List.copyOf(known);
        this.time = time;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        javas(chain).checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        javas(chain).checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        javas(chain).checkServerTrusted(chain, type);
    }

    /** Java's own trust manager, which also holds the name against the certificate, for this authority and this time. */
    private X509ExtendedTrustManager javas(X509Certificate[] chain) throws CertificateException {
        List<X509Certificate> shown = List.of(chain);
        try {
            PKIXBuilderParameters parameters =
                    new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor(shown), null)), null);
            parameters.setRevocationEnabled(false);
            parameters.setDate(IssuedChain.dateFor(shown, time.get()));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException("cannot check the broker's certificate: " + e.getMessage(), e);
        }
    }

    private X509Certificate anchor(List<X509Certificate> shown) throws CertificateException {
        for (List<X509Certificate> certificates : List.of(known, shown)) {
            for (X509Certificate certificate : certificates) {
                if (certificate.getBasicConstraints() >= 0
                        && Sha256.of(IssuedChain.encoded(certificate)).equals(authority)) {
                    return certificate;
                }
            }
        }
        throw new CertificateException("the broker does not show the certificate of the fleet's authority, SHA-256 "
                + authority + ": its certificate file must end with it, as gatehouse ca certificate writes it");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw noClients();
    }

    private static CertificateException noClients() {
        return new CertificateException("a device has no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
