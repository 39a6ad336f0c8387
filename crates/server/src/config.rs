//! Configuration: a TOML file, then environment, then flags; each beats the one before it.

mod deadlines;
mod flags;
mod people;
mod telemetry;
mod tls;
mod told;
mod webhooks;

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};

use admin_api::ProviderSettings;
pub use deadlines::Deadlines;
use domain::Secret;
pub use flags::Flags;
use ipnet::IpNet;
use outgoing::AllowedHosts;
use outgoing::mail::{Mail, MailSetting};
use serde::Deserialize;
use store::{Database, Wall};
pub use tls::{TlsFiles, TlsMistake};

use crate::config::people::{MailSection, SignInSection};
use crate::otlp::Collector;
use crate::proxies::TrustedProxies;

/// Calls of the admin API a second without a setting: far beyond what a console or a mirror needs.
const API_REQUESTS: NonZeroU32 = NonZeroU32::MIN.saturating_add(499);

/// The file's form. Unknown keys are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    metrics_listen: Option<String>,
    trusted_proxies: Option<Vec<IpNet>>,
    tenant_requests_per_second: Option<NonZeroU32>,
    api_requests_per_second: Option<NonZeroU32>,
    private_hosts: Option<Vec<String>>,
    #[serde(default)]
    database: DatabaseSection,
    #[serde(default)]
    tls: tls::Section,
    #[serde(default)]
    deadlines: deadlines::Section,
    #[serde(default)]
    mail: MailSection,
    #[serde(default)]
    sign_in: SignInSection,
    #[serde(default)]
    telemetry: telemetry::Section,
    #[serde(default)]
    webhooks: webhooks::Section,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseSection {
    url: Option<String>,
    max_connections: Option<u32>,
    row_level_security: Option<bool>,
    migration_url: Option<String>,
}

/// A configuration that can be used.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the server key and, on SQLite, the database stand.
    pub data: PathBuf,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// How the world reaches the service, without a slash at its end.
    pub public_url: String,
    /// Address and port for Prometheus; none when switched off.
    pub metrics_listen: Option<SocketAddr>,
    /// Whose word about a client's address is taken.
    pub proxies: TrustedProxies,
    /// Most SCIM requests of one tenant a second.
    pub tenant_requests_per_second: Option<NonZeroU32>,
    /// Most calls of the admin API a second of one session, one API key or one unknown address.
    pub api_requests_per_second: NonZeroU32,
    /// Hosts that tenants' addresses may name although they are private.
    pub private_hosts: AllowedHosts,
    /// The way out for mail; links are shown instead without it.
    pub mail: Option<Mail>,
    /// The OpenID provider where people of the console can sign in too.
    pub provider: Option<ProviderSettings>,
    /// Certificate and key, where the service ends TLS itself.
    pub tls: Option<TlsFiles>,
    /// What clients have time for.
    pub deadlines: Deadlines,
    /// To how many webhooks this node sends at a time.
    pub webhooks: NonZeroUsize,
    /// The database.
    pub database: Database,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file has a mistake.
    #[error("the configuration file {} has a mistake", .0.display())]
    Mistake(PathBuf, #[source] Box<toml::de::Error>),
    /// The public URL is none.
    #[error("public_url must be an http or https address without query or fragment, not {0:?}")]
    PublicUrl(String),
    /// The address for metrics is none.
    #[error("metrics_listen must be an address with a port, such as 127.0.0.1:9464, or \"off\", not {0:?}")]
    MetricsListen(String),
    /// The database's address is none of PostgreSQL's.
    #[error("database.url and database.migration_url must begin with postgres:// or postgresql://")]
    DatabaseUrl,
    /// Mail cannot be set up.
    #[error(transparent)]
    Mail(#[from] MailSetting),
    /// Mail has a language that we do not write.
    #[error("mail.language must be en or de, not {0:?}")]
    MailLanguage(String),
    /// The provider's address is none.
    #[error("sign_in.issuer must be an https address, as the provider writes it, not {0:?}")]
    SignInIssuer(String),
    /// The provider does not know us.
    #[error("sign_in.issuer needs sign_in.client_id and sign_in.client_secret beside it")]
    SignInClient,
    /// What only PostgreSQL has is wanted of SQLite.
    #[error("database.row_level_security and database.migration_url are PostgreSQL's; they need database.url")]
    OnlyOnPostgres,
    /// TLS cannot be served as the settings say.
    #[error(transparent)]
    Tls(#[from] TlsMistake),
    /// The collector's address is none.
    #[error("telemetry.otlp_endpoint must be an http or https address without query or fragment, not {0:?}")]
    OtlpEndpoint(String),
    /// A header for the collector is none.
    #[error("otlp_headers must be name=value, separated by commas")]
    OtlpHeader,
    /// The part of requests that are told is none.
    #[error("telemetry.sample must be 0 to 1, not {0}")]
    Sample(f64),
    /// A deadline is none.
    #[error("deadlines.{0} must be 1 to 3600 seconds")]
    Deadline(&'static str),
    /// The number of webhooks is none.
    #[error("webhooks.concurrent must be 1 to 1000, not {0}")]
    Webhooks(usize),
    /// The data directory cannot be made.
    #[error("the data directory {} cannot be made", .0.display())]
    Data(PathBuf, #[source] std::io::Error),
}

impl Config {
    /// Reads the file if there is one, applies the flags and checks the whole; makes the data directory.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let file = flags.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let data = flags.data.clone().or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let listen = flags.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let tls = file.tls.with(flags)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = flags.public_url.clone().or(file.public_url).unwrap_or_else(|| format!("{scheme}://{listen}"));
        let public_url = checked_url(&public_url)?;
        if tls.is_some() && !public_url.starts_with("https://") {
            return Err(TlsMistake::PlainAddress(public_url).into());
        }
        let (deadlines, webhooks) = (file.deadlines.checked()?, file.webhooks.checked()?);
        let metrics_listen = match flags.metrics_listen.clone().or(file.metrics_listen) {
            None => Some(SocketAddr::from(([127, 0, 0, 1], 9464))),
            Some(text) if text == "off" => None,
            Some(text) => Some(text.parse().map_err(|_| ConfigError::MetricsListen(text))?),
        };
        std::fs::create_dir_all(&data).map_err(|error| ConfigError::Data(data.clone(), error))?;
        let database = database(flags, file.database, &data)?;
        let proxies = TrustedProxies::new(flags.trusted_proxies.clone().or(file.trusted_proxies).unwrap_or_default());
        let tenant_requests_per_second = flags.tenant_requests_per_second.or(file.tenant_requests_per_second);
        let api_requests_per_second = flags.api_requests_per_second.or(file.api_requests_per_second).unwrap_or(API_REQUESTS);
        let (mail, provider) = (people::mail(flags, file.mail)?, people::provider(flags, file.sign_in)?);
        let private_hosts = AllowedHosts::new(flags.private_hosts.clone().or(file.private_hosts).unwrap_or_default());
        Ok(Self {
            data,
            listen,
            public_url,
            metrics_listen,
            proxies,
            tenant_requests_per_second,
            api_requests_per_second,
            private_hosts,
            mail,
            provider,
            tls,
            deadlines,
            webhooks,
            database,
        })
    }
}

/// The collector that spans and measures are told to, where one is configured. It is read first, so that everything else
/// can be told.
///
/// # Errors
/// What is wrong with the file, or with these settings.
pub fn collector(flags: &Flags) -> Result<Option<Collector>, ConfigError> {
    let file = flags.config.as_deref().map(read).transpose()?.unwrap_or_default();
    file.telemetry.with(flags)
}

fn database(flags: &Flags, file: DatabaseSection, data: &Path) -> Result<Database, ConfigError> {
    let checked = |url: String| {
        let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if known { Ok(Secret::new(url)) } else { Err(ConfigError::DatabaseUrl) }
    };
    let owner = flags.migration_url.clone().or(file.migration_url).map(checked).transpose()?;
    let raised = flags.row_level_security.or(file.row_level_security);
    match flags.database_url.clone().or(file.url) {
        None if owner.is_some() || raised == Some(true) => Err(ConfigError::OnlyOnPostgres),
        None => Ok(Database::Sqlite { directory: data.to_owned() }),
        Some(url) => Ok(Database::Postgres {
            url: checked(url)?,
            max_connections: file.max_connections.unwrap_or(20),
            schema: None,
            wall: Wall { raised: raised.unwrap_or(false), owner },
        }),
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.to_owned(), error))?;
    toml::from_str(&text).map_err(|error| ConfigError::Mistake(path.to_owned(), Box::new(error)))
}

/// Whether clients are sent to plain HTTP on another machine, where tokens can be read on their way (RFC 7644 §7.2).
pub fn is_exposed(public_url: &str) -> bool {
    let Ok(url) = url::Url::parse(public_url) else { return false };
    let near = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !near
}

fn checked_url(text: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError::PublicUrl(text.to_owned());
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.has_host();
    if plain && matches!(url.scheme(), "http" | "https") { Ok(text.trim_end_matches('/').to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("c.toml");
        std::fs::write(&config, text).unwrap();
        Config::load(&Flags { config: Some(config), data: Some(dir.path().join("data")), ..Flags::default() })
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = with_file("lisen = '127.0.0.1:1'").unwrap_err();
        assert!(matches!(&error, ConfigError::Mistake(_, source) if source.to_string().contains("lisen")));
    }

    #[test]
    fn a_public_url_has_no_user_and_no_password() {
        for bad in ["https://a@x.test", "https://a:b@x.test", "https://:b@x.test", "ftp://x.test", "https://x.test/?a"] {
            assert!(matches!(with_file(&format!("public_url = '{bad}'")), Err(ConfigError::PublicUrl(_))), "{bad}");
        }
        assert!(with_file("public_url = 'https://x.test/'").is_ok());
    }

    #[test]
    fn plain_http_beyond_this_machine_is_warned_of() {
        for exposed in ["http://x.test", "http://192.0.2.1:8080", "http://[2001:db8::1]"] {
            assert!(is_exposed(exposed), "{exposed}");
        }
        for fine in ["https://x.test", "http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(!is_exposed(fine), "{fine}");
        }
    }

    #[test]
    fn a_flag_beats_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("c.toml");
        std::fs::write(&config, "listen = '127.0.0.1:1'\npublic_url = 'https://a.example/'").unwrap();
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 2)));
        let loaded =
            Config::load(&Flags { config: Some(config), data: Some(dir.path().to_owned()), listen, ..Flags::default() }).unwrap();
        assert_eq!((loaded.listen.port(), loaded.public_url.as_str()), (2, "https://a.example"));
    }

    #[test]
    fn addresses_of_other_kinds_are_refused() {
        assert!(matches!(with_file("public_url = 'ftp://a'"), Err(ConfigError::PublicUrl(_))));
        assert!(matches!(with_file("metrics_listen = 'on'"), Err(ConfigError::MetricsListen(_))));
        assert!(matches!(with_file("[database]\nurl = 'mysql://a'"), Err(ConfigError::DatabaseUrl)));
        let owner = "[database]\nurl = 'postgres://a'\nmigration_url = 'mysql://a'";
        assert!(matches!(with_file(owner), Err(ConfigError::DatabaseUrl)));
    }

    #[test]
    fn sqlite_is_not_told_to_keep_tenants_apart_by_itself() {
        for text in ["row_level_security = true", "migration_url = 'postgres://a'"] {
            assert!(matches!(with_file(&format!("[database]\n{text}")), Err(ConfigError::OnlyOnPostgres)), "{text}");
        }
        assert!(with_file("[database]\nrow_level_security = false").is_ok());
    }

    #[test]
    fn tls_is_whole_and_its_address_is_https() {
        assert!(matches!(with_file("[tls]\ncertificate = 'a'"), Err(ConfigError::Tls(TlsMistake::Half))));
        let plain = with_file("public_url = 'http://a.test'\n[tls]\ncertificate = 'a'\nkey = 'b'");
        assert!(matches!(plain, Err(ConfigError::Tls(TlsMistake::PlainAddress(_)))));
        assert!(matches!(with_file("[tls]\nciphers = 'all'"), Err(ConfigError::Mistake(..))));
        let whole = with_file("listen = '127.0.0.1:1'\n[tls]\ncertificate = 'a'\nkey = 'b'").unwrap();
        assert_eq!((whole.public_url.as_str(), whole.tls.is_some()), ("https://127.0.0.1:1", true));
    }

    #[test]
    fn a_node_sends_to_one_webhook_at_a_time_at_least_and_to_a_thousand_at_most() {
        assert_eq!(with_file("").unwrap().webhooks.get(), 32);
        assert_eq!(with_file("[webhooks]\nconcurrent = 4").unwrap().webhooks.get(), 4);
        for bad in [0, 1_001] {
            assert!(matches!(with_file(&format!("[webhooks]\nconcurrent = {bad}")), Err(ConfigError::Webhooks(n)) if n == bad));
        }
    }

    #[test]
    fn a_deadline_is_a_second_to_an_hour() {
        let set = with_file("[deadlines]\nbody = 90").unwrap().deadlines;
        assert_eq!(set, Deadlines { body: std::time::Duration::from_secs(90), ..Deadlines::default() });
        for bad in ["head = 0", "answer = 3601"] {
            assert!(matches!(with_file(&format!("[deadlines]\n{bad}")), Err(ConfigError::Deadline(_))), "{bad}");
        }
    }
}
