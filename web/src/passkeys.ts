/**
 * Between the service's JSON and the browser's passkeys (WebAuthn Level 3, section 5.1.8 and 5.1.9). Written out because
 * the browsers we serve do not all read and write that JSON themselves yet.
 */

type Base64Url = string;

type Described = { id: Base64Url; type: "public-key"; transports?: AuthenticatorTransport[] };

/** `PublicKeyCredentialCreationOptionsJSON`, as far as we look at it. */
export type CreationOptions = Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> & {
  challenge: Base64Url;
  user: { id: Base64Url; name: string; displayName: string };
  excludeCredentials?: Described[];
};

/** `PublicKeyCredentialRequestOptionsJSON`, as far as we look at it. */
export type RequestOptions = Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> & {
  challenge: Base64Url;
  allowCredentials?: Described[];
};

/** `RegistrationResponseJSON` or `AuthenticationResponseJSON`. */
export type PasskeyResponse = {
  id: string;
  rawId: Base64Url;
  type: string;
  authenticatorAttachment?: string;
  clientExtensionResults: object;
  response: Record<string, unknown>;
};

/** Whether this browser can do anything with passkeys. */
export const passkeysSupported = () => typeof PublicKeyCredential !== "undefined" && "credentials" in navigator;

export function bytesOf(text: Base64Url): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): Base64Url {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const described = (list: Described[] | undefined) =>
  list?.map(({ id, ...rest }): PublicKeyCredentialDescriptor => ({ id: bytesOf(id), ...rest }));

/** Makes a passkey; nothing when the person thinks better of it. */
export async function createPasskey(options: CreationOptions): Promise<PasskeyResponse | undefined> {
  const { challenge, user, excludeCredentials, ...rest } = options;
  const excluded = described(excludeCredentials);
  const made = await refused(
    navigator.credentials.create({
      publicKey: {
        ...rest,
        challenge: bytesOf(challenge),
        user: { ...user, id: bytesOf(user.id) },
        ...(excluded ? { excludeCredentials: excluded } : {}),
      },
    }),
  );
  if (!(made instanceof PublicKeyCredential)) return undefined;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** Proves who the person is by one of their passkeys; nothing when they think better of it. */
export async function provePasskey(options: RequestOptions): Promise<PasskeyResponse | undefined> {
  const { challenge, allowCredentials, ...rest } = options;
  const allowed = described(allowCredentials);
  const proven = await refused(
    navigator.credentials.get({
      publicKey: { ...rest, challenge: bytesOf(challenge), ...(allowed ? { allowCredentials: allowed } : {}) },
    }),
  );
  if (!(proven instanceof PublicKeyCredential)) return undefined;
  const response = proven.response as AuthenticatorAssertionResponse;
  return {
    ...common(proven),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      ...(response.userHandle ? { userHandle: textOf(response.userHandle) } : {}),
    },
  };
}

const common = (credential: PublicKeyCredential) => ({
  id: credential.id,
  rawId: textOf(credential.rawId),
  type: credential.type,
  ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
  clientExtensionResults: credential.getClientExtensionResults(),
});

/** The browser says "not allowed" for a person who closes its dialog and for one who takes too long. */
async function refused<T>(ceremony: Promise<T>): Promise<T | undefined> {
  try {
    return await ceremony;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError"))
      return undefined;
    throw error;
  }
}
