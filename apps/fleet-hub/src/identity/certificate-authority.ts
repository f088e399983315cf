// x509 registers its parsers through the metadata of its classes, so this import must come first.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';
import { isIP } from 'node:net';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';

cryptoProvider.set(globalThis.crypto);
const { subtle } = globalThis.crypto;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
/** A clock of a device may be a little behind ours; its certificate is valid all the same. */
const backdatedMs = 3_600_000;

export interface IssuedCertificate {
  readonly certificatePem: string;
  /** PKCS #8; null where the key was made by the device itself. */
  readonly privateKeyPem: string | null;
  /** 32 upper-case hex digits, as TLS libraries print it. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface CertificateAuthority {
  readonly certificatePem: string;
  readonly notAfter: Date;
  /** EC P-256, clientAuth only. `requestPem`: a PKCS #10 request whose key is certified instead of a new one. */
  issueClient(options: {
    readonly name: string;
    readonly unit: string;
    readonly days: number;
    readonly nowMs: number;
    readonly requestPem?: string;
  }): Promise<IssuedCertificate>;
  /** EC P-256, serverAuth only, for these DNS names and addresses. */
  issueServer(options: {
    readonly hosts: readonly string[];
    readonly days: number;
    readonly nowMs: number;
  }): Promise<IssuedCertificate>;
  /** Good until the CA itself ends: a list that ends earlier would shut out the whole fleet on that day. */
  revocationList(serialNumbers: readonly { readonly serialNumber: string; readonly at: Date }[]): Promise<string>;
}

export async function createAuthority(options: {
  readonly site: string;
  readonly days: number;
  readonly nowMs: number;
}): Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }> {
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [`edge-blueprints site CA ${options.site}`] }],
    notBefore: new Date(options.nowMs - backdatedMs),
    notAfter: new Date(options.nowMs + options.days * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: `${certificate.toString('pem')}\n`, privateKeyPem: await keyToPem(keys.privateKey) };
}

/** @throws ConfigError `identity.ca-broken` */
export async function openAuthority(pem: {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}): Promise<CertificateAuthority> {
  let certificate: X509Certificate;
  let signingKey: Awaited<ReturnType<typeof keyFromPem>>;
  try {
    certificate = new X509Certificate(pem.certificatePem);
    signingKey = await keyFromPem(pem.privateKeyPem);
  } catch (cause) {
    throw new ConfigError('identity.ca-broken', `The CA's certificate or key cannot be read: ${errorMessage(cause)}`, {
      cause,
    });
  }
  const issuer = certificate.subject;
  const authorityKey = await AuthorityKeyIdentifierExtension.create(certificate);

  const issue = async (options: {
    readonly subject: readonly { readonly CN?: string[]; readonly OU?: string[] }[];
    readonly days: number;
    readonly nowMs: number;
    readonly requestPem?: string | undefined;
    readonly extensions: readonly Extension[];
  }): Promise<IssuedCertificate> => {
    const keys =
      options.requestPem === undefined ? await subtle.generateKey(algorithm, true, ['sign', 'verify']) : null;
    const publicKey = keys?.publicKey ?? (await requestedKey(options.requestPem ?? ''));
    const notBefore = new Date(Math.max(options.nowMs - backdatedMs, certificate.notBefore.getTime()));
    const notAfter = new Date(Math.min(options.nowMs + options.days * dayMs, certificate.notAfter.getTime()));
    const serialNumber = newSerialNumber();
    const made = await X509CertificateGenerator.create({
      serialNumber,
      subject: options.subject.map((part) => ({ ...part })),
      issuer,
      notBefore,
      notAfter,
      publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(publicKey),
        authorityKey,
        ...options.extensions,
      ],
    });
    const privateKeyPem = keys === null ? null : await keyToPem(keys.privateKey);
    return { certificatePem: `${made.toString('pem')}\n`, privateKeyPem, serialNumber, notBefore, notAfter };
  };

  return {
    certificatePem: pem.certificatePem,
    notAfter: certificate.notAfter,
    issueClient: ({ name, unit, ...rest }) =>
      issue({
        ...rest,
        subject: [{ CN: [name] }, { OU: [unit] }],
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      }),
    issueServer: ({ hosts, ...rest }) =>
      issue({
        ...rest,
        subject: [{ CN: ['fleet-hub'] }, { OU: ['hub-server'] }],
        extensions: [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(
            hosts.map((host) => ({ type: isIP(host) > 0 ? ('ip' as const) : ('dns' as const), value: host })),
          ),
        ],
      }),
    async revocationList(revoked) {
      const list = await X509CrlGenerator.create({
        issuer,
        thisUpdate: certificate.notBefore,
        nextUpdate: certificate.notAfter,
        entries: revoked.map(({ serialNumber, at }) => ({ serialNumber, revocationDate: at })),
        signingKey,
        signingAlgorithm: algorithm,
        extensions: [authorityKey],
      });
      // The library's own label, "CRL", is unknown to OpenSSL; RFC 7468 says "X509 CRL".
      return pemOf('X509 CRL', list.rawData);
    },
  };
}

/** 127 random bits with the top bit clear and the next one set: positive, and always of 32 digits. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString('hex').toUpperCase();
}

async function requestedKey(requestPem: string) {
  try {
    const request = new Pkcs10CertificateRequest(requestPem);
    // Proves that whoever asks holds the key.
    if (await request.verify()) return await request.publicKey.export();
  } catch (cause) {
    throw new ConfigError('identity.request', `The certificate request cannot be read: ${errorMessage(cause)}`, {
      cause,
    });
  }
  throw new ConfigError('identity.request', 'The certificate request is not signed by its own key; make it again');
}

type SigningKey = Awaited<ReturnType<typeof subtle.importKey>>;

async function keyToPem(key: SigningKey): Promise<string> {
  return pemOf('PRIVATE KEY', await subtle.exportKey('pkcs8', key));
}

function pemOf(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function keyFromPem(pem: string): Promise<SigningKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
