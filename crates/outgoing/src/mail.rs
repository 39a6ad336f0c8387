//! Mail by the operator's SMTP server. Plain text only; what stands in a letter is said in [`letter`](crate::letter).

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::letter::{Language, Letter};

/// How long the server may take for one letter.
const WHOLE: Duration = Duration::from_secs(10);

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum MailSetting {
    /// The server's address is none.
    #[error("mail.url must be smtps://user:password@host, or smtp://host:port for a server without TLS on this machine")]
    Url,
    /// The sender's address is none.
    #[error("mail.from must be an e-mail address, such as Directory Sync <sync@example.com>")]
    From,
}

/// Why a letter did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It cannot be written to this address.
    #[error("this is no address for mail")]
    Address,
    /// The server refused it, or could not be reached.
    #[error("{0}")]
    Refused(String),
}

/// The way out.
#[derive(Clone)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    language: Language,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("from", &self.from.to_string()).finish_non_exhaustive()
    }
}

impl Mail {
    /// A way out by the server of `url`, which may hold a name and a password. `smtps://` is TLS from the first byte;
    /// `smtp://…?tls=required` begins it in the conversation.
    ///
    /// # Errors
    /// [`MailSetting`].
    pub fn new(url: &str, from: &str, language: Language) -> Result<Self, MailSetting> {
        crate::use_ring();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| MailSetting::Url)?;
        let from = from.parse().map_err(|_| MailSetting::From)?;
        Ok(Self { transport: transport.timeout(Some(WHOLE)).build(), from, language })
    }

    /// The sender that letters name.
    pub fn sender(&self) -> String {
        self.from.to_string()
    }

    /// Sends a letter to one person.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, to: &str, letter: &Letter) -> Result<(), MailError> {
        let (subject, text) = letter.write(self.language);
        let address = to.parse().map_err(|_| MailError::Address)?;
        let message = Message::builder().from(self.from.clone()).to(Mailbox::new(None, address)).subject(subject);
        let message = message.header(lettre::message::header::ContentType::TEXT_PLAIN);
        let message = message.body(text).map_err(|error| MailError::Refused(error.to_string()))?;
        match tokio::time::timeout(WHOLE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(MailError::Refused(told(&error))),
            Err(_) => Err(MailError::Refused("the mail server took too long".to_owned())),
        }
    }
}

/// The error with its causes; none of them holds what was sent.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_server_and_no_sender_is_refused() {
        for url in ["", "mail.example.com", "http://mail.example.com", "smtp//x"] {
            assert!(matches!(Mail::new(url, "a@b.test", Language::English), Err(MailSetting::Url)), "{url}");
        }
        for from in ["", "sync", "a@b.test, c@d.test", "a b@c.test"] {
            assert!(matches!(Mail::new("smtps://h", from, Language::English), Err(MailSetting::From)), "{from}");
        }
        assert!(Mail::new("smtps://u:p@mail.test", "Directory Sync <sync@b.test>", Language::German).is_ok());
    }

    #[tokio::test]
    async fn an_address_cannot_carry_another_header_or_person() {
        let mail = Mail::new("smtp://127.0.0.1:9", "a@b.test", Language::English).unwrap();
        let letter = Letter::PasswordReset { link: "https://x.test/reset#c".to_owned(), minutes: 60 };
        for to in ["a@b.test\r\nBcc: c@d.test", "a@b.test,c@d.test", "a@b.test c@d.test", "", "<a@b.test"] {
            assert!(matches!(mail.send(to, &letter).await, Err(MailError::Address)), "{to}");
        }
        assert!(matches!(mail.send("a@b.test", &letter).await, Err(MailError::Refused(_))), "nobody answers at port 9");
    }
}
