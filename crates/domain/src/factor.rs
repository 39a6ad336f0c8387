//! What people sign in with beside a password: codes of an authenticator app (RFC 6238), recovery codes, passkeys.

use totp_rs::{Builder, Totp};

use crate::secret::{NoRandomness, hex, random_bytes};
use crate::{AdminId, PasskeyId, Secret, ServerKey, Timestamp};

const TOTP: &str = "totp";
const RECOVERY: &str = "recovery-code";
/// The service's name in an authenticator app.
const ISSUER: &str = "Directory Sync";
/// Bytes of an app's secret: 160 bits, as RFC 4226 recommends.
const SECRET: usize = 20;
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// Letters of recovery codes: none that looks like another one.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The secret that a person's authenticator app shares with us. It is never stored: it follows from the server key, the
/// person and a random salt, so that a stolen database makes no codes.
pub struct TotpSecret([u8; SECRET]);

impl TotpSecret {
    /// A salt for a new secret.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn salt() -> Result<[u8; 16], NoRandomness> {
        random_bytes()
    }

    /// The secret of a person.
    pub fn of(key: &ServerKey, admin: AdminId, salt: &[u8]) -> Self {
        let digest = key.digest(TOTP, &format!("{admin}\0{}", hex(salt)));
        let mut secret = [0; SECRET];
        for (to, from) in secret.iter_mut().zip(digest) {
            *to = from;
        }
        Self(secret)
    }

    /// What a person types into their app when they cannot scan.
    pub fn base32(&self) -> Secret {
        Secret::new(totp_rs::Secret::from(self.0.to_vec()).to_base32())
    }

    /// What the app scans, for the person of this address; `None` when the address cannot stand in one.
    pub fn uri(&self, email: &str) -> Option<Secret> {
        let account = email.replace(':', "");
        let totp = self.builder().with_account_name(account).with_issuer(Some(ISSUER)).build().ok()?;
        totp.to_url().ok().map(Secret::new)
    }

    /// The step of time that a code belongs to, when it is one of the step now or one beside it. A step is good once,
    /// which whoever keeps it has to see to.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let seconds = u64::try_from(now.as_micros() / 1_000_000).ok()?;
        i64::try_from(self.totp().check(&digits, seconds)?).ok()
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(self.0.to_vec()).with_skew(1)
    }
}

/// Makes recovery codes with their digests.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn recovery_codes(key: &ServerKey, admin: AdminId) -> Result<Vec<(Secret, [u8; 32])>, NoRandomness> {
    let code = || {
        let letters = random_bytes::<RECOVERY_CODES>()?;
        let mut text: String =
            letters.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|c| char::from(*c)).collect();
        text.insert(5, '-');
        let digest = recovery_digest(key, admin, &text);
        Ok((Secret::new(text), digest))
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// The digest under which a recovery code of a person is kept, however they type it.
pub fn recovery_digest(key: &ServerKey, admin: AdminId, code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    key.digest(RECOVERY, &format!("{admin}\0{plain}"))
}

/// A passkey of a person.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    /// Its id with us.
    pub id: PasskeyId,
    /// Whose it is.
    pub admin: AdminId,
    /// The authenticator's name for it.
    pub credential_id: Vec<u8>,
    /// Its name, chosen by the person.
    pub name: String,
    /// The public key with its counter, as JSON.
    pub public_key: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// What a person can sign in with beside a password.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    /// The salt of their app's secret, once they have begun to set an app up.
    pub totp_salt: Option<Vec<u8>>,
    /// Since when a code is asked for.
    pub totp_since: Option<Timestamp>,
    /// How many recovery codes they have left.
    pub recovery_codes: usize,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<StoredPasskey>,
    /// Whether they sign in at the installation's OpenID provider too.
    pub provider: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of its eight digits.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(secret().step_of(code, at(seconds)), Some(seconds / 30), "{seconds}");
            assert_eq!(secret().step_of(code, at(seconds + 30)), Some(seconds / 30), "a slow typist");
            assert_eq!(secret().step_of(code, at(seconds + 90)), None);
        }
        for bad in ["", "28708", "2870822", "28708x", "２８７０８２"] {
            assert_eq!(secret().step_of(bad, at(59)), None, "{bad}");
        }
        assert_eq!(secret().step_of("287 082", at(59)), Some(1));
    }

    #[test]
    fn an_app_gets_a_secret_of_its_own_that_another_key_or_salt_does_not_make() {
        let (key, admin) = (ServerKey::from_bytes([1; 32]), AdminId::generate());
        let made = TotpSecret::of(&key, admin, &[1; 16]);
        assert_eq!(made.0, TotpSecret::of(&key, admin, &[1; 16]).0);
        for other in [
            TotpSecret::of(&ServerKey::from_bytes([2; 32]), admin, &[1; 16]),
            TotpSecret::of(&key, AdminId::generate(), &[1; 16]),
            TotpSecret::of(&key, admin, &[2; 16]),
        ] {
            assert_ne!(made.0, other.0);
        }
        let uri = made.uri("ada+x@acme.test").unwrap();
        assert!(uri.expose().starts_with("otpauth://totp/") && uri.expose().contains(made.base32().expose()), "{}", uri.expose());
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let (key, admin) = (ServerKey::from_bytes([1; 32]), AdminId::generate());
        let codes = recovery_codes(&key, admin).unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let (code, digest) = &codes[0];
        assert_eq!(code.expose().len(), 11);
        assert_eq!(recovery_digest(&key, admin, &code.expose().to_uppercase().replace('-', " ")), *digest);
        assert_ne!(recovery_digest(&key, AdminId::generate(), code.expose()), *digest);
    }
}
