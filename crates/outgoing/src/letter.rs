//! What stands in our letters, in each language. A letter says what happened, what to do, and what happens when the
//! reader does nothing.

/// A language letters are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Reads its tag: `en` or `de`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Somebody is asked to join.
    Invitation {
        /// Who asks.
        by: String,
        /// Into which tenant; to run the service without one.
        tenant: Option<String>,
        /// The link.
        link: String,
        /// How many days it is good.
        days: i64,
    },
    /// A link for another password.
    PasswordReset {
        /// The link.
        link: String,
        /// How many minutes it is good.
        minutes: i64,
    },
    /// A credential ends before long.
    CredentialEnds {
        /// Its name.
        name: String,
        /// Whose it is.
        tenant: String,
        /// How many days are left, at most.
        days: i64,
        /// Where another one is made.
        link: String,
    },
}

impl Letter {
    /// Subject and text.
    pub fn write(&self, language: Language) -> (String, String) {
        match language {
            Language::English => self.english(),
            Language::German => self.german(),
        }
    }

    fn english(&self) -> (String, String) {
        match self {
            Self::Invitation { by, tenant, link, days } => {
                let place = tenant.as_deref().map_or("Directory Sync".to_owned(), |tenant| format!("{tenant} in Directory Sync"));
                let text = format!(
                    "{by} invites you to {place}.\n\nOpen this link to accept:\n{link}\n\nThe link works once and for {days} days. If you did not expect it, do nothing: nothing changes without you.\n"
                );
                (format!("Invitation to {place}"), text)
            }
            Self::PasswordReset { link, minutes } => {
                let text = format!(
                    "Somebody asked for a new password for your account in Directory Sync.\n\nIf it was you, choose one here:\n{link}\n\nThe link works once and for {minutes} minutes. If it was not you, do nothing: your password stays as it is.\n"
                );
                ("Choose a new password".to_owned(), text)
            }
            Self::CredentialEnds { name, tenant, days, link } => {
                let left = if *days == 1 { "less than a day".to_owned() } else { format!("less than {days} days") };
                let text = format!(
                    "The credential \"{name}\" of {tenant} ends in {left}. From then on the identity provider cannot send changes: people who leave would keep their access.\n\nRotate it here, without a pause:\n{link}\n"
                );
                (format!("{tenant}: the credential \"{name}\" ends in {left}"), text)
            }
        }
    }

    fn german(&self) -> (String, String) {
        match self {
            Self::Invitation { by, tenant, link, days } => {
                let place = tenant.as_deref().map_or("Directory Sync".to_owned(), |tenant| format!("{tenant} in Directory Sync"));
                let text = format!(
                    "{by} lädt Sie zu {place} ein.\n\nMit diesem Link nehmen Sie an:\n{link}\n\nDer Link gilt einmal und {days} Tage lang. Wenn Sie ihn nicht erwartet haben, tun Sie nichts: Ohne Sie ändert sich nichts.\n"
                );
                (format!("Einladung zu {place}"), text)
            }
            Self::PasswordReset { link, minutes } => {
                let text = format!(
                    "Jemand hat für Ihr Konto in Directory Sync ein neues Passwort angefordert.\n\nWenn Sie das waren, wählen Sie es hier:\n{link}\n\nDer Link gilt einmal und {minutes} Minuten lang. Wenn nicht, tun Sie nichts: Ihr Passwort bleibt, wie es ist.\n"
                );
                ("Neues Passwort wählen".to_owned(), text)
            }
            Self::CredentialEnds { name, tenant, days, link } => {
                let left = if *days == 1 { "weniger als einem Tag".to_owned() } else { format!("weniger als {days} Tagen") };
                let text = format!(
                    "Der Zugang „{name}“ von {tenant} endet in {left}. Danach kann der Identitätsanbieter keine Änderungen mehr senden: Wer geht, behielte seinen Zugriff.\n\nHier lösen Sie ihn ohne Pause ab:\n{link}\n"
                );
                (format!("{tenant}: Der Zugang „{name}“ endet in {left}"), text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_link_in_every_language() {
        let link = "https://sync.test/x#code".to_owned();
        let (by, tenant, name) = ("Ben".to_owned(), "Acme".to_owned(), "Prod".to_owned());
        let letters = [
            Letter::Invitation { by: by.clone(), tenant: Some(tenant.clone()), link: link.clone(), days: 7 },
            Letter::Invitation { by, tenant: None, link: link.clone(), days: 7 },
            Letter::PasswordReset { link: link.clone(), minutes: 60 },
            Letter::CredentialEnds { name, tenant, days: 1, link: link.clone() },
        ];
        for letter in letters {
            let (english, german) = (letter.write(Language::English), letter.write(Language::German));
            assert_ne!(english, german);
            for (subject, text) in [english, german] {
                assert!(!subject.is_empty() && !subject.contains('\n'));
                assert!(text.contains(&format!("\n{link}\n")), "{text}");
            }
        }
    }
}
