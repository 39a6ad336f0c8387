/** English texts of the pages one enters by, and of signing in again. */
const text = (value: string): string => value;

export const enEntry = {
  signIn: {
    title: text("Sign in"),
    forgotten: text("Forgot your password?"),
    code: text("Code"),
    codeLead: text("Enter the 6-digit code of your authenticator app, or one of your recovery codes."),
    codeAction: text("Continue"),
    codeBack: text("Start over"),
    passkey: text("Sign in with a passkey"),
    provider: (name: string) => `Sign in with ${name}`,
    or: text("or"),
    email: text("E-mail"),
    password: text("Password"),
    action: text("Sign in"),
    again: text("Sign in again"),
    againWhy: {
      ended: text("Your session has ended. What you typed is kept."),
      stale: text("This can be done only soon after signing in. Sign in, then repeat what you did."),
    },
  },

  forgotten: {
    title: text("Forgot your password?"),
    lead: text("Enter your e-mail address. A link to choose another password comes by mail and is good for one hour."),
    action: text("Send link"),
    taken: (email: string) => `If ${email} belongs to somebody here, a link is on its way. It is good for one hour.`,
    takenTitle: text("Look into your mail"),
    noMailTitle: text("Ask an operator of the service"),
    noMail: text(
      "This service sends no mail. Whoever runs it can make a link for you with which you choose another password.",
    ),
    back: text("Back to sign-in"),
  },

  invite: {
    title: text("You are invited"),
    tenant: text("Tenant"),
    intoTenant: (by: string, tenant: string) => `${by} invites you to ${tenant}.`,
    intoService: (by: string) => `${by} invites you to run this service.`,
    role: text("As"),
    roles: {
      operator: text("operator of the service"),
      admin: text("admin"),
      developer: text("developer"),
      viewer: text("viewer"),
    },
    can: {
      operator: text("You see and change everything, in all tenants."),
      admin: text("You see and change everything in this tenant, its people and credentials included."),
      developer: text("You read the directory and make API keys."),
      viewer: text("You read the directory, the sync log and the audit."),
    },
    email: text("E-mail"),
    until: text("Expires"),
    accept: text("Accept invitation"),
    join: text("Join"),
    knownLead: text("You have an account here. Sign in to accept."),
    joinLead: (name: string) => `You are signed in as ${name}.`,
    otherTitle: (email: string) => `You are signed in as ${email}`,
    other: (email: string) => `This invitation is for ${email}. Sign out, then accept it as that person.`,
    signOut: text("Sign out"),
    stay: text("Stay signed in"),
    used: text(
      "It has been used already, has expired, was taken back, or is not complete. Ask who invited you for a new one.",
    ),
  },

  reset: {
    title: text("Choose another password"),
    lead: text("You are signed out everywhere, and sign in with the new password."),
    password: text("New password"),
    action: text("Change password"),
    doneTitle: text("Your password is changed"),
    done: text("All your sessions have ended. Sign in with the new password."),
    used: text("It has been used already, has expired, or is not complete. Ask for a new one."),
  },

  refused: {
    provider_refused: text("The sign-in at the other service was refused or cut short. Try again."),
    provider_unknown_person: text(
      "The other service knows you, this one does not yet. Ask an admin of your tenant to invite you.",
    ),
    provider_not_anew: text(
      "The other service does not say that you have just proved who you are there, and that is needed here. Sign in another way, or ask whoever runs this service.",
    ),
  },

  welcome: {
    title: text("Become the first operator"),
    lead: text("You run this service for all its tenants. Choose what you will sign in with."),
    name: text("Your name"),
    passwordHint: (least: number) => `At least ${least} characters. A few words make a good one.`,
    passwordShort: (least: number) => `Shorter than ${least} characters.`,
    action: text("Create operator"),
    usedTitle: text("This link cannot be used"),
    used: text(
      "It has been used already, has expired, or is not complete. The server prints a new one when it starts without an operator.",
    ),
    toSignIn: text("Go to sign-in"),
  },
};

export type EntryTexts = typeof enEntry;
