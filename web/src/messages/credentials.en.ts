/** English texts of credentials and their secrets. */
const number = new Intl.NumberFormat("en");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;
const text = (value: string): string => value;

/** A moment of today by the clock alone, any other with its day. */
function moment(at: Date, now: Date, utc: boolean): string {
  const zone = utc ? { timeZone: "UTC" } : {};
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", ...zone });
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", ...zone }).format(at);
  const time = utc ? `${clock} UTC` : clock;
  return day.format(at) === day.format(now) ? time : `${day.format(at)}, ${time}`;
}

export const enCredentials = {
  credentials: {
    title: text("Credentials"),
    scimUrl: text("SCIM URL"),
    create: text("New credential"),
    newConnection: text("New connection"),
    emptyTitle: text("No credential yet"),
    empty: text(
      "A credential lets one IdP application write into this tenant. Create one, then paste its token into the IdP.",
    ),
    emptyConnection: text("No credential in this connection."),
    name: text("Name"),
    startsWith: text("Starts with"),
    rights: text("Rights"),
    rightsOf: { scim: text("read, write"), "scim:read": text("read") },
    lastUsed: text("Last used"),
    from: (address: string) => `from ${address}`,
    ends: text("Ends"),
    noEnd: text("no end"),
    endedAt: text("ended"),
    revokedAt: text("revoked"),
    revokedBy: (who: string) =>
      who === "leak report" ? "after a leak report" : who === "service" ? "by the service, as planned" : `by ${who}`,
    state: text("State"),
    actions: text("Actions"),
    actionsOf: (name: string) => `Actions for “${name}”`,
    states: {
      active: text("Active"),
      ending: text("Ends soon"),
      unused: text("Waiting"),
      ended: text("Ended"),
      revoked: text("Revoked"),
    },
    rotate: text("Rotate"),
    rotation: {
      title: (name: string) => `Rotation of “${name}”`,
      effect: text(
        "A second token is issued beside this one, with the same connection and rights. Both work, so nothing stops.",
      ),
      after: text(
        "Paste the new token into the IdP. This page then shows when its requests use it, and offers to revoke the old one.",
      ),
      action: text("Issue the new token"),
      /** Of all requests since the new token was issued, how many came with it; the last did not. */
      share: (n: number, all: number) =>
        all === 0
          ? "No request since the new token was issued."
          : `${number.format(n)} of ${count(all, "request", "requests")} since the new token was issued used it; the last one did not.`,
      /** `since` is the moment of the last request with the old one, or of the making of the new one. */
      moved: (n: number, since: string) =>
        `${number.format(n)} of ${count(n, "request", "requests")} since ${since} ${n === 1 ? "uses" : "use"} the new token.`,
      moment,
      oldUsed: (n: number) =>
        `${count(n, "request", "requests")} with the old token since the new one was issued, the last one`,
      oldUnused: (startsWith: string) => `No request with the old token ${startsWith}… since the new one was issued.`,
      revoke: text("Revoke the old token"),
      more: (name: string) => `More about the rotation of “${name}”`,
      revokeEarly: text("Revoke the old token anyway"),
      /** Of all requests since the new token was issued, how many still came with the old one. */
      stillUsed: (n: number, all: number) =>
        all === 0
          ? "No request has come since the new token was issued, so the IdP may not have it yet."
          : `${number.format(n)} of ${count(all, "request", "requests")} since the new token was issued still came with this one, the last of them too.`,
      early: text(
        "Revoked before the IdP has the new token, the old one is refused from its next request on, and nothing more arrives until then.",
      ),
      whenQuiet: (hours: number) => `Revoke it by itself once quiet for ${number.format(hours)} h`,
      whenQuietEffect: text(
        "It goes when no request has come with it for that long and the new token is in use. You can call it off until then.",
      ),
      planned: (hours: number, who: string) =>
        `The old token is revoked by itself once it has been quiet for ${number.format(hours)} h and the new one is in use, as ${who} wanted. At the earliest`,
      callOff: text("Call it off"),
    },
    copyId: text("Copy id"),
    inLog: text("Show its requests"),
    revoke: text("Revoke token"),
    revokeClient: text("Revoke client"),
    secretsAndKeys: text("Secrets and keys"),
    kinds: { bearer_token: text("Bearer token"), oauth_client: text("OAuth client") },
    onlyAdmin: text("Only an admin of this tenant can create and revoke credentials."),
    new: {
      title: text("New credential"),
      name: text("Name"),
      nameHint: text("So that you know it again in this list."),
      suggested: (n: number) => (n === 0 ? "Prod" : `Prod ${n + 1}`),
      connection: text("Connection"),
      idp: text("Which IdP sends the people?"),
      end: text("End"),
      ends: { "365": text("1 year"), "90": text("90 days"), none: text("No end") },
      endHint: {
        "365": text("We remind you here before it ends."),
        "90": text("For trials and strict policies."),
        none: text("Nobody has to remember it. Revoke it yourself when it is no longer used."),
      },
      rights: text("Rights"),
      rightsLong: { scim: text("Read and write"), "scim:read": text("Read only") },
      rightsHint: {
        scim: text("What every IdP needs."),
        "scim:read": text("For checks and reports. Writes are refused."),
      },
      action: text("Create credential"),
      kind: text("Kind"),
      kindHint: {
        bearer_token: text("One long token that you paste into the IdP. Most IdPs ask for this."),
        oauth_client: text(
          "For IdPs that ask for a token endpoint, such as Microsoft Entra with client credentials or federation.",
        ),
      },
      proof: text("How the IdP proves itself"),
      proofs: { secret: text("Client secret"), assertions: text("Signed assertions (federation)") },
      proofHint: {
        secret: text("Shown once, then pasted into the IdP. More of them can be issued later."),
        assertions: text("The IdP signs with keys of its own. There is no secret to store or to renew."),
      },
      secretEnd: text("End of the secret"),
    },
    client: {
      title: (name: string) => `Secrets and keys of “${name}”`,
      tokenUrl: text("Token URL"),
      clientId: text("Client ID"),
      metadataUrl: text("Metadata URL"),
      life: text("Access tokens live"),
      lifeTitle: text("Life of access tokens"),
      lifeHint: text("For so long the IdP can use one before it has to ask for the next."),
      changeLife: text("Change life"),
      lifeDialog: (name: string) => `Life of access tokens of “${name}”`,
      lifeEffect: text(
        "A shorter life makes a stolen access token useless sooner; a longer one makes the IdP ask less often. It counts from the next token on: those it has keep their end. Revoking the secret ends them at once.",
      ),
      lifeOf: (seconds: number) =>
        seconds % 3_600 === 0
          ? count(seconds / 3_600, "hour", "hours")
          : `${number.format(Math.round(seconds / 60))} min`,
      close: text("Close"),
      secrets: text("Secrets"),
      noSecrets: text("No secret. Only signatures prove this client."),
      noProof: text("No secret. Nothing proves this client yet."),
      issue: text("Issue secret"),
      issueTitle: (name: string) => `Issue a secret of “${name}”`,
      issueLead: text("The secrets before stay good. Paste the new one into the IdP, then revoke the old one here."),
      created: text("created"),
      ends: text("ends"),
      lastUsed: text("last used"),
      neverUsed: text("never used"),
      revoke: text("Revoke"),
      revokeOf: (start: string) => `Revoke secret ${start}`,
      revokeAction: text("Revoke secret"),
      revokeTitle: (start: string) => `Revoke secret ${start}?`,
      revokeEffect: (name: string) =>
        `“${name}” gets no access token with this secret any more, and the access tokens it got with it are refused at once. This is final.`,
      revokeLast: text("Nothing else proves this client: the IdP stops sending people and groups."),
      used: text("It last got an access token"),
      unused: text("It has never been used."),
      trust: text("Signed assertions"),
      noTrust: text("Nobody's signatures prove this client."),
      addTrust: text("Trust signatures"),
      change: text("Change"),
      remove: text("Remove"),
      save: text("Save"),
      trustTitle: (name: string) => `Whose signatures prove “${name}”`,
      trustEffect: text("When you change this, access tokens that the earlier signatures got are refused at once."),
      removeTitle: text("Remove signed assertions?"),
      removeEffect: (name: string) =>
        `“${name}” gets no access token by signatures any more, and the access tokens it got by them are refused at once. You can enter them again later.`,
      removeAction: text("Remove signatures"),
      issuer: text("Issuer"),
      subject: text("Subject"),
      audience: text("Audience"),
      since: text("Since"),
      issuerHint: text("The “iss” of the assertions. Left empty, the client's own ID is expected."),
      subjectHint: text("The “sub” of the assertions. Left empty, the client's own ID is expected."),
      audienceHint: text("The “aud” of the assertions. Left empty, our token URL is expected."),
      keys: text("Keys"),
      keysFrom: { address: text("From an address"), set: text("Pasted here") },
      keysHint: {
        address: text("We read them there, and again when the IdP changes them."),
        set: text("When the IdP changes its keys, you change them here too."),
      },
      jwksUri: text("Address of the keys (JWKS URI)"),
      jwks: text("Key set (JWKS)"),
      jwksHint: text("JSON with the public keys only."),
      pasted: (n: number) => count(n, "pasted key", "pasted keys"),
      faults: {
        noAddress: text("Enter the address of the keys."),
        noJson: text("This is not JSON."),
        noSet: text("This is JSON, but no key set: it has no list named “keys”."),
        empty: text("This key set is empty."),
        private: text("This holds a private key. Paste the public half only, and replace the key you pasted here."),
      },
    },
    revoking: {
      title: (name: string) => `Revoke “${name}”?`,
      effect: text(
        "Requests with this token are refused at once. This is final: a revoked token cannot be used again.",
      ),
      used: text("It was last used"),
      unused: text("It has never been used."),
      stops: text("The IdP stops sending people and groups until it gets another token."),
      clientEffect: text(
        "The client gets no access token any more, and those it has are refused at once. This is final: a revoked client cannot be used again.",
      ),
      clientStops: text("The IdP stops sending people and groups until it gets another client."),
    },
    connection: {
      actions: (name: string) => `Actions for connection “${name}”`,
      rename: text("Rename"),
      strict: text("Make strict"),
      lenient: text("Allow repairs"),
      close: text("Close connection"),
      strictChip: text("Strict"),
      closedChip: text("Closed"),
      renameTitle: text("Rename connection"),
      name: text("Name"),
      save: text("Save name"),
      newTitle: text("New connection"),
      newLead: text("One connection is one IdP application. All connections of a tenant share its directory."),
      create: text("Create connection"),
      closing: (name: string) => `Close “${name}”?`,
      closingEffect: (n: number) =>
        `${count(n, "credential stops", "credentials stop")} working at once. Nobody is changed or deleted. This cannot be undone.`,
      strictTitle: (name: string) => `Make “${name}” strict?`,
      strictEffect: text("Requests that we repaired so far will be refused. You can allow repairs again at any time."),
    },
  },

  secret: {
    title: (name: string) => `Token of “${name}”`,
    once: text("This is the only time the token is shown. Paste it into the IdP, or keep it in your secret store."),
    url: text("SCIM URL"),
    token: text("Token"),
    stored: text("I have stored it"),
    question: text("Close now? The token cannot be shown again; you would have to create another."),
    keepOpen: text("Keep open"),
    closeAnyway: text("Close without storing"),
    client: {
      title: (name: string) => `OAuth client “${name}”`,
      once: text(
        "This is the only time the client secret is shown. Paste it into the IdP, or keep it in your secret store.",
      ),
      noSecret: text("Enter these in the IdP. They stay readable under “Secrets and keys” in the client's menu."),
      tokenUrl: text("Token URL"),
      clientId: text("Client ID"),
      clientSecret: text("Client secret"),
      stored: text("I have stored it"),
      question: text("Close now? The client secret cannot be shown again; you would have to issue another."),
      done: text("Done"),
    },
  },
};

export type CredentialTexts = typeof enCredentials;
