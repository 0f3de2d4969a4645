import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../../lib/gate/chain/seal';

/** Signs with an asymmetric KMS key (`ECC_NIST_P256`, `SIGN_VERIFY`), by digest: KMS takes 4,096 bytes of text at most. */
export function kmsSigner(KeyId: string): Signer {
  const kms = new KMSClient({});
  return {
    publicKey: async () => {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
      if (PublicKey === undefined) throw new Error(`KMS gives no public key of ${KeyId}.`);
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
      return key.export({ type: 'spki', format: 'pem' }).toString();
    },
    sign: async (text) => {
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId,
          Message: createHash('sha256').update(text).digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      if (Signature === undefined) throw new Error(`KMS gave no signature by ${KeyId}.`);
      return Signature;
    },
  };
}
